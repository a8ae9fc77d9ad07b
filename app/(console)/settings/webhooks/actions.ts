"use server";

import { revalidatePath } from "next/cache";
import { action } from "@/app/_server/action";
import { dismissDeadItem } from "@/lib/intake/commands/dismiss-dead-item";
import { replayDeadItem, replayDeadKind } from "@/lib/intake/commands/replay-dead-items";
import { DeadItemInput, DeadKindInput } from "@/lib/intake/dead-item";

const refresh = () => revalidatePath("/settings/webhooks");

export const replay = action(DeadItemInput, replayDeadItem, refresh);
export const replayKind = action(DeadKindInput, replayDeadKind, refresh);
export const dismiss = action(DeadItemInput, dismissDeadItem, refresh);
