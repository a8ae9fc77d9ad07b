import { and, eq } from "drizzle-orm";
import { optInForms, optInFormTags, purposes, wordingVersions } from "@/db/schema/consent";
import { brands } from "@/db/schema/numbers";
import { AppError } from "@/lib/foundation/errors";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { formSlug, formTag } from "../opt-in-form";
import { readNotice, type WordingNotice, wordingFor } from "../wording";

/** A text as people see it. */
export interface ShownWording {
  id: string;
  text: string;
  textSha256: string;
  language: string;
  controller: string;
  privacyNoticeUrl: string;
  notice: WordingNotice;
}

export interface OptInFormView {
  formId: string;
  slug: string;
  isOpen: boolean;
  brandId: string;
  brandName: string;
  purposeId: string;
  doubleOptIn: boolean;
  minAge: number | null;
  /** Undefined while the purpose has no text in force: nobody can agree to nothing. */
  wording: ShownWording | undefined;
}

/**
 * A form as the internet sees it, in the reader's language where there is a text in it.
 *
 * @throws AppError not_found
 */
export async function getOptInForm(
  ctx: Context,
  { slug, language }: { slug: string; language: string },
): Promise<OptInFormView> {
  authorize(ctx, "policy.read");
  const wanted = formSlug.safeParse(slug).data;
  const [row] = wanted
    ? await ctx.db
        .select({ form: optInForms, purpose: purposes, brandName: brands.name })
        .from(optInForms)
        .innerJoin(purposes, eq(purposes.id, optInForms.purposeId))
        .innerJoin(brands, eq(brands.id, purposes.brandId))
        .where(eq(optInForms.slug, wanted))
    : [];
  if (!row) throw new AppError("not_found", { what: "form" });
  const { form, purpose, brandName } = row;
  return {
    formId: form.id,
    slug: form.slug,
    isOpen: form.closedAt === null,
    brandId: purpose.brandId,
    brandName,
    purposeId: purpose.id,
    doubleOptIn: purpose.doubleOptIn,
    minAge: purpose.minAge,
    wording: (await shownWordings(ctx, { purposeIds: [purpose.id], language })).get(purpose.id),
  };
}

/** The text in force of each purpose, for a reader of this language. Purposes without one are left out. */
export async function shownWordings(
  ctx: Context,
  { purposeIds, language }: { purposeIds: readonly string[]; language: string },
): Promise<Map<string, ShownWording>> {
  authorize(ctx, "policy.read");
  const shown = new Map<string, ShownWording>();
  for (const purposeId of purposeIds) {
    const rows = await ctx.db.select().from(wordingVersions).where(eq(wordingVersions.purposeId, purposeId));
    const wording = wordingFor(rows, language);
    if (!wording) continue;
    const { id, text, textSha256, language: own, controller, privacyNoticeUrl, notice } = wording;
    const hash = textSha256.toString("hex");
    shown.set(purposeId, {
      id,
      text,
      textSha256: hash,
      language: own,
      controller,
      privacyNoticeUrl,
      notice: readNotice(notice),
    });
  }
  return shown;
}

/** The tag of a form's address, when the form has it: what somebody makes up is not counted. */
export async function knownTag(
  ctx: Context,
  { formId, tag }: { formId: string; tag: string | undefined },
): Promise<string | null> {
  authorize(ctx, "policy.read");
  const wanted = formTag.safeParse(tag).data;
  if (!wanted) return null;
  const [row] = await ctx.db
    .select({ tag: optInFormTags.tag })
    .from(optInFormTags)
    .where(and(eq(optInFormTags.formId, formId), eq(optInFormTags.tag, wanted)));
  return row?.tag ?? null;
}
