"use client";

import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import { useTranslations } from "use-intl/react";
import { Banner } from "@/app/_ui/banner";
import { Button } from "@/app/_ui/button";
import { type Choice, SelectField, TextField } from "@/app/_ui/fields";
import type { AppErrorCode } from "@/lib/foundation/errors";
import type { ConnectionReport } from "@/lib/numbers/connection";
import { connect, tryConnection } from "../actions";
import { Findings } from "./findings.client";

const texts = ["wabaId", "phoneNumberId", "appId", "portfolioId"] as const;
const secrets = ["token", "appSecret"] as const;
const hints = { wabaId: "steps.paste.wabaHint", phoneNumberId: "steps.paste.phoneHint" } as const;

/** What a person copies from Meta. Testing keeps nothing; what was typed stays in the page until it is connected. */
export function PasteForm({
  brands,
  defaults,
}: {
  brands: readonly Choice[];
  defaults: { baseUrl: string; apiVersion: string };
}) {
  const t = useTranslations("numbers");
  const errors = useTranslations("errors");
  const router = useRouter();
  const [typed, setTyped] = useState({
    brandId: brands[0]?.value ?? "",
    wabaId: "",
    phoneNumberId: "",
    appId: "",
    portfolioId: "",
    token: "",
    appSecret: "",
    ...defaults,
  });
  const [fields, setFields] = useState<Readonly<Record<string, string>>>({});
  const [refusal, setRefusal] = useState<AppErrorCode>();
  const [report, setReport] = useState<ConnectionReport>();
  const [running, setRunning] = useState<"test" | "save">();
  const [isPending, start] = useTransition();

  const field = (name: keyof typeof typed) => ({
    name,
    id: `paste-${name}`,
    value: typed[name],
    onChange: (event: { currentTarget: { value: string } }) =>
      setTyped({ ...typed, [name]: event.currentTarget.value }),
  });
  const wrong = (name: string, text: string) => (fields[name] ? text : undefined);

  function run(what: "test" | "save") {
    if (isPending) return;
    setRunning(what);
    start(async () => {
      const result = what === "test" ? await tryConnection(typed) : await connect(typed);
      setFields(result.ok ? {} : result.fields);
      setRefusal(result.ok ? undefined : result.code);
      setReport(undefined);
      if (!result.ok) return;
      if (!("kind" in result.data)) setReport(result.data);
      else if (result.data.kind === "not_usable") setReport(result.data.report);
      else {
        // The form goes away with its button; reading starts again at the top, where the next step is named.
        document.querySelector<HTMLElement>("h1")?.focus();
        router.push(`/settings/numbers/connect?number=${result.data.numberId}`);
      }
    });
  }
  return (
    <form
      className="grid max-w-measure gap-4"
      autoComplete="off"
      onSubmit={(event) => {
        event.preventDefault();
        run("save");
      }}
    >
      {brands.length > 1 && <SelectField {...field("brandId")} label={t("steps.paste.brand")} options={brands} />}
      {texts.map((name) => (
        <TextField
          key={name}
          {...field(name)}
          label={t(`steps.paste.${name}`)}
          hint={name in hints ? t(hints[name as keyof typeof hints]) : undefined}
          error={wrong(name, t("fieldErrors.id"))}
          inputMode="numeric"
          required={name !== "portfolioId"}
        />
      ))}
      {secrets.map((name) => (
        <TextField
          key={name}
          {...field(name)}
          type="password"
          autoComplete="off"
          label={t(`steps.paste.${name}`)}
          error={wrong(name, t("fieldErrors.token"))}
          required
        />
      ))}
      <details>
        <summary>{t("steps.paste.advanced")}</summary>
        <div className="mt-3 grid gap-4">
          <TextField
            {...field("baseUrl")}
            type="url"
            label={t("settings.baseUrl")}
            error={wrong("baseUrl", t("fieldErrors.url"))}
          />
          <TextField
            {...field("apiVersion")}
            label={t("settings.apiVersion")}
            error={wrong("apiVersion", t("fieldErrors.version"))}
          />
        </div>
      </details>
      {refusal && (
        <Banner tone="bad">{refusal === "invalid_input" ? t("steps.paste.needsFields") : errors(refusal)}</Banner>
      )}
      {report && <Findings report={report} />}
      <div className="flex flex-wrap gap-2">
        <Button aria-busy={(isPending && running === "test") || undefined} onClick={() => run("test")}>
          {isPending && running === "test" ? t("steps.paste.testing") : t("steps.paste.test")}
        </Button>
        <Button type="submit" look="primary" aria-busy={(isPending && running === "save") || undefined}>
          {isPending && running === "save" ? t("steps.paste.saving") : t("steps.paste.save")}
        </Button>
      </div>
    </form>
  );
}
