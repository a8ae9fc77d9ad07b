import * as z from "zod";
import { parsePublicId } from "@/lib/foundation/ids";

/** Whose data is shown in clear, and why. */
export const RevealInput = z.object({
  contactId: z.string().transform((text, context) => {
    const id = parsePublicId("con", text);
    if (id !== undefined) return id;
    context.addIssue({ code: "custom", message: "not an id (con_…)" });
    return z.NEVER;
  }),
  reason: z.string().trim().min(1).max(500),
});
