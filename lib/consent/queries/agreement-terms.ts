import { sql } from "drizzle-orm";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import type { AgreementTerms } from "../agreement";

/** What people can agree to over WhatsApp, of every brand: its purposes, its words, its texts in force. */
export async function agreementTerms(ctx: Context): Promise<AgreementTerms> {
  authorize(ctx, "policy.read");
  const [purposes, keywords, wordings] = await Promise.all([
    ctx.db.execute<{ id: string; brand: string; key: string; double: boolean }>(sql`
      select id, brand_id as brand, key, double_opt_in as double from purposes`),
    ctx.db.execute<{ brand: string; keyword: string; purpose: string; wording: string }>(sql`
      select brand_id as brand, keyword, purpose_id as purpose, wording_version_id as wording
      from opt_in_keywords where retired_at is null`),
    ctx.db.execute<{ id: string; purpose: string; label: string }>(sql`
      select id, purpose_id as purpose, label from wording_versions where revoked_at is null order by created_at`),
  ]);
  return {
    purposes: new Map(
      purposes.map(({ id, brand, key, double }) => [`${brand} ${key}`, { purposeId: id, doubleOptIn: double }]),
    ),
    keywords: new Map(keywords.map((row) => [`${row.brand} ${row.keyword}`, row])),
    wordings: new Map(wordings.map(({ id, purpose, label }) => [`${purpose} ${label}`, id])),
  };
}
