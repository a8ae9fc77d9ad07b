"use server";

import * as z from "zod";
import { action } from "@/app/_server/action";
import { verifyLedger } from "@/lib/reporting/queries/verify-ledger";

/** Reads and compares; nothing is changed by it. */
export const checkLog = action(z.object({}), verifyLedger);
