import { asc, eq, sql } from "drizzle-orm";
import { optInForms, optInFormTags, purposes } from "@/db/schema/consent";
import { brands } from "@/db/schema/numbers";
import { AppError } from "@/lib/foundation/errors";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";

export interface FormPlace {
  /** Null: the form's own address, without a tag. */
  tag: string | null;
  label: string | null;
  answers: number;
}

export interface FormInUse {
  formId: string;
  name: string;
  slug: string;
  brandName: string;
  purposeId: string;
  purposeName: string;
  doubleOptIn: boolean;
  createdAt: Date;
  closedAt: Date | null;
  /** Whether the purpose has a text in force: without one nobody can agree. */
  hasWording: boolean;
  /** The form's own address first. */
  places: FormPlace[];
  answers: number;
}

/** Every form, the oldest first, with how many people agreed on it and from where. */
export async function listOptInForms(ctx: Context): Promise<FormInUse[]> {
  authorize(ctx, "policy.read");
  const [forms, tags, counts] = await Promise.all([
    ctx.db
      .select({
        form: optInForms,
        brandName: brands.name,
        purposeName: purposes.name,
        doubleOptIn: purposes.doubleOptIn,
        hasWording: sql<boolean>`exists (select from wording_versions as wording
          where wording.purpose_id = ${purposes.id} and wording.revoked_at is null)`,
      })
      .from(optInForms)
      .innerJoin(purposes, eq(purposes.id, optInForms.purposeId))
      .innerJoin(brands, eq(brands.id, purposes.brandId))
      .orderBy(asc(optInForms.createdAt)),
    ctx.db.select().from(optInFormTags).orderBy(asc(optInFormTags.createdAt)),
    ctx.db.execute<{ form: string; tag: string | null; count: number }>(sql`
      select form_id as form, tag, count(*)::int as count from opt_in_answers group by form_id, tag`),
  ]);
  return forms.map(({ form, brandName, purposeName, doubleOptIn, hasWording }) => {
    const own = counts.filter((row) => row.form === form.id);
    const answersFrom = (tag: string | null) => own.find((row) => row.tag === tag)?.count ?? 0;
    const tagged = tags.filter(({ formId }) => formId === form.id);
    return {
      formId: form.id,
      name: form.name,
      slug: form.slug,
      brandName,
      purposeId: form.purposeId,
      purposeName,
      doubleOptIn,
      createdAt: form.createdAt,
      closedAt: form.closedAt,
      hasWording,
      places: [
        { tag: null, label: null, answers: answersFrom(null) },
        ...tagged.map(({ tag, label }) => ({ tag, label, answers: answersFrom(tag) })),
      ],
      answers: own.reduce((sum, { count }) => sum + count, 0),
    };
  });
}

/** One form by its address. @throws AppError not_found */
export async function getFormInUse(ctx: Context, { slug }: { slug: string }): Promise<FormInUse> {
  authorize(ctx, "policy.read");
  const form = (await listOptInForms(ctx)).find((one) => one.slug === slug);
  if (!form) throw new AppError("not_found", { what: "form" });
  return form;
}
