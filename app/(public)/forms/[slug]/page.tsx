import type { Metadata } from "next";
import { cookies } from "next/headers";
import { currentFormats, currentInstallation } from "@/app/_server/context";
import { found } from "@/app/_server/found";
import { getPreferences, getTranslator } from "@/app/_server/preferences";
import { deskContext } from "@/app/_server/runtime";
import { buttonClass } from "@/app/_ui/button";
import { CheckboxField, FormErrors, TextField } from "@/app/_ui/fields";
import { getOptInForm, type OptInFormView, type ShownWording } from "@/lib/consent/queries/get-opt-in-form";
import { newId } from "@/lib/foundation/ids";
import type { Translator } from "@/lib/i18n/translator";
import { NoticeDetails } from "../../notice-details";
import { openTyped, TYPED_COOKIE } from "./typed-number";

interface Props {
  params: Promise<{ slug: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

async function formOf({ params }: Props): Promise<OptInFormView> {
  const [{ slug }, { locale }] = await Promise.all([params, getPreferences()]);
  return found(getOptInForm(await deskContext(), { slug, language: locale }));
}

export async function generateMetadata(props: Props): Promise<Metadata> {
  const t = await getTranslator("public");
  return { title: t("form.title", { brand: (await formOf(props)).brandName }) };
}

/** Where somebody agrees to hear from a brand: a number, the text, an empty box. */
export default async function OptInFormPage(props: Props) {
  const [form, query, t] = await Promise.all([formOf(props), props.searchParams, getTranslator("public")]);
  const { wording } = form;
  if (query.done) return <Done form={form} t={t} />;
  if (!form.isOpen || !wording) {
    return (
      <>
        <h1>{t("form.closedHeading")}</h1>
        <p>{t("form.closed", { brand: form.brandName })}</p>
      </>
    );
  }
  const problems = typeof query.problem === "string" ? query.problem.split(",") : [];
  return (
    <>
      <h1>{t("form.title", { brand: form.brandName })}</h1>
      {problems.includes("wording") && <p role="alert">{t("form.wordingChanged")}</p>}
      <AgreeForm
        form={form}
        wording={wording}
        problems={problems}
        tag={typeof query.from === "string" ? query.from : undefined}
        t={t}
      />
      <NoticeDetails wording={wording} t={t} />
    </>
  );
}

async function AgreeForm({
  form,
  wording,
  problems,
  tag,
  t,
}: {
  form: OptInFormView;
  wording: ShownWording;
  problems: readonly string[];
  tag: string | undefined;
  t: Translator<"public">;
}) {
  const [{ locale }, { country }, formats, jar, ctx] = await Promise.all([
    getPreferences(),
    currentInstallation(),
    currentFormats(),
    cookies(),
    deskContext(),
  ]);
  const has = (problem: "phone" | "agree") => problems.includes(problem);
  const typed =
    problems.length > 0 ? openTyped(ctx.secrets.linkKey, form.slug, jar.get(TYPED_COOKIE)?.value) : undefined;
  const errors = (["phone", "agree"] as const).filter(has);
  return (
    <form method="post" action={`/forms/${form.slug}/answer`} className="grid gap-5" noValidate>
      <FormErrors
        title={t("form.problems")}
        errors={errors.map((field) => ({ field, message: t(`form.errors.${field}`) }))}
      />
      <input type="hidden" name="wording" value={wording.id} />
      <input type="hidden" name="submission" value={newId()} />
      <input type="hidden" name="lang" value={locale} />
      {tag && <input type="hidden" name="from" value={tag} />}
      <TextField
        name="phone"
        type="tel"
        inputMode="tel"
        autoComplete="tel"
        required
        maxLength={40}
        label={t("form.phone")}
        hint={t("form.phoneHint", { country: formats.country(country) })}
        error={has("phone") && t("form.errors.phone")}
        defaultValue={typed}
      />
      <div hidden aria-hidden="true">
        <label>
          {t("form.leaveEmpty")}
          <input name="website" tabIndex={-1} autoComplete="off" />
        </label>
      </div>
      <CheckboxField
        name="agree"
        value="yes"
        required
        autoComplete="off"
        label={<span lang={wording.language}>{wording.text}</span>}
        hint={form.minAge === null ? undefined : t("form.minAge", { age: formats.integer(form.minAge) })}
        error={has("agree") && t("form.errors.agree")}
      />
      <div>
        <button type="submit" className={buttonClass({ look: "primary", size: "big" })}>
          {wording.notice.button || t("form.send")}
        </button>
      </div>
    </form>
  );
}

function Done({ form, t }: { form: OptInFormView; t: Translator<"public"> }) {
  return (
    <div role="status" className="grid gap-4">
      <h1>{form.doubleOptIn ? t("form.confirmHeading") : t("form.doneHeading")}</h1>
      <p>
        {form.doubleOptIn ? t("form.confirm", { brand: form.brandName }) : t("form.done", { brand: form.brandName })}
      </p>
      <p>{t("form.howToStop")}</p>
    </div>
  );
}
