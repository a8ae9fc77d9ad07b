import type { Metadata } from "next";
import type { ReactNode } from "react";
import { currentFormats, currentInstallation, requirePerson } from "@/app/_server/context";
import { found, idInPath } from "@/app/_server/found";
import { getTranslator } from "@/app/_server/preferences";
import { consoleRuntime } from "@/app/_server/runtime";
import { Banner, Callout } from "@/app/_ui/banner";
import { LinkButton } from "@/app/_ui/button";
import { Answer, PageHeader, Section } from "@/app/_ui/page";
import { publicId } from "@/lib/foundation/ids";
import type { Context } from "@/lib/identity/context";
import { getNumber } from "@/lib/numbers/queries/get-number";
import { listBrands } from "@/lib/numbers/queries/list-brands";
import { listNumbers, type NumberView } from "@/lib/numbers/queries/list-numbers";
import { isTestable } from "@/lib/sending/testable";
import { listTemplates } from "@/lib/templates/queries/list-templates";
import { PasteForm } from "./paste-form.client";
import { TestForm } from "./test-form.client";
import { Webhooks } from "./webhooks";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator("numbers"))("connectTitle") };
}

const META_API = { baseUrl: "https://graph.facebook.com", apiVersion: "v25.0" };

/** From a Meta app to the first real template: five steps, of which the last three need a number that is connected. */
export default async function ConnectPage({ searchParams }: { searchParams: Promise<{ number?: string }> }) {
  const ctx = await requirePerson("number.manage");
  const { number: asked } = await searchParams;
  const [number, t, formats, { mode }, brands, { publicBaseUrl }] = await Promise.all([
    asked === undefined ? undefined : found(getNumber(ctx, { numberId: idInPath("num", asked) })),
    getTranslator("numbers"),
    currentFormats(),
    currentInstallation(),
    listBrands(ctx),
    consoleRuntime(),
  ]);
  const templates = number
    ? (await listTemplates(ctx)).filter((one) => one.wabaId === number.wabaId && isTestable(one))
    : [];
  const step = (n: number, title: string, children: ReactNode, note?: string) => (
    <Section title={`${n}. ${title}`} note={note} id={`step-${n}`}>
      {children}
    </Section>
  );
  return (
    <>
      <PageHeader title={t("connectTitle")} />
      <Answer>{number ? t("steps.answerDone", { name: number.displayNumber }) : t("steps.answer")}</Answer>
      <div className="mb-6 max-w-measure">
        <Callout>{t(mode === "sandbox" ? "steps.modeSandbox" : "steps.modeLive")}</Callout>
      </div>
      {step(
        1,
        t("steps.app.title"),
        <ol className="grid max-w-measure list-decimal gap-2 pl-5">
          {(["one", "two", "three", "four"] as const).map((key) => (
            <li key={key} className="break-words">
              {t(`steps.app.${key}`)}
            </li>
          ))}
        </ol>,
        t("steps.app.note"),
      )}
      {step(
        2,
        t("steps.paste.title"),
        number ? (
          <Banner tone="ok">{t("steps.paste.done", { name: number.displayNumber })}</Banner>
        ) : (
          <PasteForm
            brands={brands.map(({ id, name }) => ({ value: publicId("brd", id), label: name }))}
            defaults={mode === "live" ? META_API : { ...META_API, baseUrl: "http://127.0.0.1:3002" }}
          />
        ),
        t("steps.paste.note"),
      )}
      {number && (
        <>
          {step(
            3,
            t("steps.webhooks.title"),
            <Webhooks
              number={number}
              callbackUrl={`${publicBaseUrl}/webhooks/whatsapp`}
              formats={formats}
              now={ctx.now()}
            />,
            t("steps.webhooks.note"),
          )}
          {step(
            4,
            t("steps.test.title"),
            templates.length === 0 ? (
              <div className="grid max-w-measure gap-3">
                <p>{t("steps.test.noTemplates")}</p>
                <div>
                  <LinkButton href="/templates">{t("steps.test.toTemplates")}</LinkButton>
                </div>
              </div>
            ) : (
              <TestForm
                numberId={publicId("num", number.id)}
                templates={templates.map((one) => ({
                  value: publicId("tpl", one.id),
                  label: `${one.name} (${one.language})`,
                }))}
                needsConfirmation={mode === "live"}
              />
            ),
            t("steps.test.note"),
          )}
          {step(
            5,
            t("steps.launch.title"),
            <div className="grid max-w-measure gap-3">
              <p>{t("steps.launch.text")}</p>
              {mode === "live" && <p>{t("steps.launch.live")}</p>}
              <div className="flex flex-wrap gap-2">
                <LinkButton href={`/settings/numbers/${publicId("num", number.id)}`}>
                  {t("steps.launch.toNumber")}
                </LinkButton>
                <LinkButton href="/campaigns/new">{t("steps.launch.toCampaigns")}</LinkButton>
              </div>
            </div>,
            t("steps.launch.note"),
          )}
        </>
      )}
    </>
  );
}

/** Templates belong to an account, whichever of its numbers they were read with. */
async function testableTemplates(ctx: Context, { wabaId }: NumberView) {
  const [all, numbers] = await Promise.all([listTemplates(ctx), listNumbers(ctx)]);
  const siblings = new Set(numbers.filter((one) => one.wabaId === wabaId).map(({ id }) => id));
  return all.filter((one) => siblings.has(one.numberId) && isTestable(one));
}
