"use server";

import * as z from "zod";
import { action } from "@/app/_server/action";
import { verifyWholeLog } from "@/lib/reporting/queries/verify-whole-log";

/** Reads and compares; nothing is changed by it. */
export const checkLog = action(z.object({}), verifyWholeLog);
