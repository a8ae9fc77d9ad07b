import * as z from "zod";
import { ArchiveSegmentInput, CreateSegmentInput, UpdateSegmentInput } from "@/lib/segments/segment";
import { idOf } from "@/lib/templates/inputs";

export const SaveSegmentInput = CreateSegmentInput;
export const ChangeSegmentInput = UpdateSegmentInput.extend({ segmentId: idOf("seg") });
export const RemoveSegmentInput = ArchiveSegmentInput.extend({ segmentId: idOf("seg") });
export const PreviewSegmentInput = z.object({ rule: CreateSegmentInput.shape.rule, purposeId: z.uuid() });
