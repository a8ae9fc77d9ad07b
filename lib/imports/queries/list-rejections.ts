import { and, asc, eq, gt } from "drizzle-orm";
import { importRejections } from "@/db/schema/imports";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { open } from "@/lib/keystore/cipher";
import { Rejection } from "../import";
import { type RejectionCode, rejectionCodes } from "../read-row";
import { importKey, rejectionPlace } from "../store";

export type ListedRejection = Rejection & { row: number; code: RejectionCode };

/** Rejected rows in the file's order, a page after `afterRow`. @throws AppError not_found after the file was deleted */
export async function listRejections(
  ctx: Context,
  { importId, afterRow = 0, limit = 100 }: { importId: string; afterRow?: number; limit?: number },
): Promise<ListedRejection[]> {
  authorize(ctx, "import.read");
  const key = await importKey(ctx, importId);
  const rows = await ctx.db
    .select()
    .from(importRejections)
    .where(and(eq(importRejections.importId, importId), gt(importRejections.rowNumber, afterRow)))
    .orderBy(asc(importRejections.rowNumber))
    .limit(limit);
  return rows.map(({ rowNumber, code, sealed }) => {
    const opened = open(key, sealed, rejectionPlace(importId, rowNumber)).toString("utf8");
    const known = rejectionCodes.find((one) => one === code) ?? "invalid_phone";
    return { ...Rejection.parse(JSON.parse(opened)), row: rowNumber, code: known };
  });
}
