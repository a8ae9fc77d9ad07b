import { asc, eq, sql } from "drizzle-orm";
import { purposes } from "@/db/schema/consent";
import { brands } from "@/db/schema/numbers";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { createBrand } from "@/lib/numbers/commands/create-brand";
import { createPurpose } from "./create-purpose";
import { publishWordingVersion } from "./publish-wording-version";

export interface DefaultBrand {
  brandId: string;
  purposeId: string;
}

const PRIVACY_NOTICE_URL = "https://example.com/privacy";
const SAMPLE_TEXTS = {
  es: "Acepto recibir novedades y ofertas de {brand} por WhatsApp. Puedo darme de baja cuando quiera respondiendo BAJA.",
  en: "I agree to receive news and offers from {brand} on WhatsApp. I can opt out at any time by replying STOP.",
} as const;

/**
 * The first brand and its marketing purpose, made where a fresh installation has none. `sampleWording` also publishes the
 * wording `v1` in Spanish and English, for rehearsals: a live installation publishes its own.
 */
export async function ensureDefaultBrand(
  ctx: Context,
  { name, sampleWording }: { name: string; sampleWording: boolean },
): Promise<DefaultBrand> {
  authorize(ctx, "installation.setup");
  return transaction(ctx, async (tx) => {
    await tx.db.execute(sql`select pg_advisory_xact_lock(hashtext('default brand'))`);
    const [existing] = await tx.db
      .select({ brandId: brands.id, purposeId: purposes.id })
      .from(brands)
      .innerJoin(purposes, eq(purposes.brandId, brands.id))
      .where(eq(purposes.category, "MARKETING"))
      .orderBy(asc(brands.createdAt), asc(purposes.createdAt))
      .limit(1);
    if (existing) return existing;
    const { brandId } = await createBrand(tx, { name, controller: name });
    const { purposeId } = await createPurpose(tx, {
      brandId,
      key: "marketing",
      name: "Marketing",
      category: "MARKETING",
    });
    if (!sampleWording) return { brandId, purposeId };
    for (const [language, text] of Object.entries(SAMPLE_TEXTS)) {
      await publishWordingVersion(tx, {
        purposeId,
        label: "v1",
        language,
        text: text.replace("{brand}", name),
        controller: name,
        privacyNoticeUrl: PRIVACY_NOTICE_URL,
      });
    }
    return { brandId, purposeId };
  });
}
