import * as z from "zod";

/** Of an action that needs nothing but who asks for it. */
export const NoInput = z.object({});
