"use server";

import { revalidatePath } from "next/cache";
import * as z from "zod";
import { action } from "@/app/_server/action";
import { requestSendVerification } from "@/lib/reporting/commands/request-send-verification";

/** Every send is judged anew, in the background. */
export const verifyAll = action(z.object({}), requestSendVerification, () => revalidatePath("/compliance"));
