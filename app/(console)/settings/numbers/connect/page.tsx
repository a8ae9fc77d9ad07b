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
import { metaDefaults } from "@/lib/whatsapp/cloud-api";
import { PasteForm } from "./paste-form.client";
import { TestForm } from "./test-form.client";
import { Webhooks } from "./webhooks";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator("numbers"))("connectTitle") };
}

/** Where the sandbox of `npm start` listens, when no number says better. */
const SANDBOX = "http://127.0.0.1:3002";

/** From a Meta app to the first real template: five steps, of which the last three need a number that is connected. */
export default async function ConnectPage({ searchParams }: { searchParams: Promise<{ number?: string }> }) {
  const ctx = await requirePerson("number.manage");
  const { number: asked } = await searchParams;
  const [number, numbers, t, { mode }, brands] = await Promise.all([
    asked === undefined ? undefined : found(getNumber(ctx, { numberId: idInPath("num", asked) })),
    listNumbers(ctx),
    getTranslator("numbers"),
    currentInstallation(),
    listBrands(ctx),
  ]);
  const baseUrl = mode === "live" ? metaDefaults.baseUrl : (numbers[0]?.baseUrl ?? SANDBOX);
  return (
    <>
      <PageHeader title={t("connectTitle")} />
      <Answer>
        {number
          ? t(number.lastWebhookAt ? "steps.answerHeard" : "steps.answerDone", { name: number.displayNumber })
          : t("steps.answer")}
      </Answer>
      <div className="mb-6 max-w-measure">
        <Callout>{t(mode === "sandbox" ? "steps.modeSandbox" : "steps.modeLive")}</Callout>
      </div>
      <Step n={1} title={t("steps.app.title")} note={t("steps.app.note")}>
        <ol className="grid max-w-measure list-decimal gap-2 pl-5">
          {(["one", "two", "three", "four"] as const).map((key) => (
            <li key={key} className="break-words">
              {t(`steps.app.${key}`)}
            </li>
          ))}
        </ol>
      </Step>
      <Step n={2} title={t("steps.paste.title")} note={t("steps.paste.note")}>
        {number ? (
          <Banner tone="ok">{t("steps.paste.done", { name: number.displayNumber })}</Banner>
        ) : (
          <PasteForm
            brands={brands.map(({ id, name }) => ({ value: publicId("brd", id), label: name }))}
            defaults={{ baseUrl, apiVersion: metaDefaults.apiVersion }}
          />
        )}
      </Step>
      {number ? (
        <StepsOfNumber ctx={ctx} number={number} siblings={numbers} mode={mode} />
      ) : (
        <>
          <Step n={3} title={t("steps.webhooks.title")} note={t("steps.webhooks.note")}>
            <p className="text-muted">{t("steps.afterConnecting")}</p>
          </Step>
          <Step n={4} title={t("steps.test.title")} note={t("steps.test.note")}>
            <p className="text-muted">{t("steps.afterConnecting")}</p>
          </Step>
          <Step n={5} title={t("steps.launch.title")} note={t("steps.launch.note")}>
            <p className="text-muted">{t("steps.afterConnecting")}</p>
          </Step>
        </>
      )}
    </>
  );
}

function Step({ n, title, note, children }: { n: number; title: string; note: string; children: ReactNode }) {
  return (
    <Section title={`${n}. ${title}`} note={note} id={`step-${n}`}>
      {children}
    </Section>
  );
}

/** What can be done once Meta and we know of each other: webhooks, one test, campaigns. */
async function StepsOfNumber({
  ctx,
  number,
  siblings,
  mode,
}: {
  ctx: Context;
  number: NumberView;
  siblings: readonly NumberView[];
  mode: "sandbox" | "live";
}) {
  const [t, formats, templates, { publicBaseUrl }] = await Promise.all([
    getTranslator("numbers"),
    currentFormats(),
    listTemplates(ctx),
    consoleRuntime(),
  ]);
  // Templates belong to an account, whichever of its numbers they were read with.
  const ofAccount = new Set(siblings.filter(({ wabaId }) => wabaId === number.wabaId).map(({ id }) => id));
  const testable = templates.filter((one) => ofAccount.has(one.numberId) && isTestable(one));
  const id = publicId("num", number.id);
  return (
    <>
      <Step n={3} title={t("steps.webhooks.title")} note={t("steps.webhooks.note")}>
        <Webhooks
          number={number}
          callbackUrl={`${publicBaseUrl}/webhooks/whatsapp`}
          formats={formats}
          now={ctx.now()}
        />
      </Step>
      <Step n={4} title={t("steps.test.title")} note={t("steps.test.note")}>
        {testable.length === 0 ? (
          <div className="grid max-w-measure gap-3">
            <p>{t("steps.test.noTemplates")}</p>
            <div>
              <LinkButton href="/templates">{t("steps.test.toTemplates")}</LinkButton>
            </div>
          </div>
        ) : (
          <TestForm
            numberId={id}
            templates={testable.map((one) => ({
              value: publicId("tpl", one.id),
              label: `${one.name} (${formats.language(one.language)})`,
            }))}
            needsConfirmation={mode === "live"}
          />
        )}
      </Step>
      <Step n={5} title={t("steps.launch.title")} note={t("steps.launch.note")}>
        <div className="grid max-w-measure gap-3">
          <p>{t("steps.launch.text")}</p>
          {mode === "live" && <p>{t("steps.launch.live")}</p>}
          <div className="flex flex-wrap gap-2">
            <LinkButton href={`/settings/numbers/${id}`}>{t("steps.launch.toNumber")}</LinkButton>
            <LinkButton href="/campaigns/new">{t("steps.launch.toCampaigns")}</LinkButton>
          </div>
        </div>
      </Step>
    </>
  );
}
