import { and, eq, isNull } from "drizzle-orm";
import type * as z from "zod";
import { notices } from "@/db/schema/notices";
import { AppError } from "@/lib/foundation/errors";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { type NoticeInput, noticeKind } from "../notice";

/** A person has seen it and wants it gone. It stays in the list of what was told. Dismissed before: nothing happens. */
export async function dismissNotice(ctx: Context, { id }: z.output<typeof NoticeInput>): Promise<void> {
  authorize(ctx, "notice.read");
  const [notice] = await ctx.db.select({ kind: notices.kind }).from(notices).where(eq(notices.id, id));
  const kind = notice && noticeKind(notice.kind);
  if (!kind) throw new AppError("not_found");
  authorize(ctx, kind.permission);
  const resolvedBy = ctx.actor.kind === "user" ? ctx.actor.userId : null;
  await ctx.db
    .update(notices)
    .set({ resolvedAt: ctx.now(), resolvedBy })
    .where(and(eq(notices.id, id), isNull(notices.resolvedAt)));
}
