"use server";

import { revalidatePath } from "next/cache";
import { action } from "@/app/_server/action";
import { publicId } from "@/lib/foundation/ids";
import { archiveSegment } from "@/lib/segments/commands/archive-segment";
import { createSegment } from "@/lib/segments/commands/create-segment";
import { updateSegment } from "@/lib/segments/commands/update-segment";
import { ChangeSegmentInput, RemoveSegmentInput, SaveSegmentInput } from "./inputs";

const refresh = () => revalidatePath("/audiences");

export const create = action(
  SaveSegmentInput,
  async (ctx, input) => ({ segmentId: publicId("seg", (await createSegment(ctx, input)).segmentId) }),
  refresh,
);
export const change = action(ChangeSegmentInput, updateSegment, refresh);
export const archive = action(RemoveSegmentInput, archiveSegment, refresh);
