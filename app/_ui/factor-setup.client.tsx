"use client";

import Link from "next/link";
import { type FormEvent, type ReactNode, useState } from "react";
import { useTranslations } from "use-intl/react";
import type { ActionResult } from "@/app/_server/action";
import type { FactorSecret } from "@/lib/identity/commands/start-factor";
import { Banner } from "./banner";
import { Button, LinkButton } from "./button";
import { CopyButton } from "./copy-button.client";
import { TextField } from "./fields";
import { qrPath } from "./qr-code";
import { useCodeRefusal } from "./step-up.client";

/** Bytes; the address is written in ASCII. */
const LONGEST_QR = 213;

/** Secret, first code, recovery codes: the three steps of turning an authenticator app on. */
export function FactorSetup({
  begin,
  confirm,
  next,
}: {
  begin: () => Promise<ActionResult<FactorSecret>>;
  confirm: (input: { code: string }) => Promise<ActionResult<{ recoveryCodes: string[] }>>;
  /** Where "I have kept them" leads. */
  next: string;
}) {
  const t = useTranslations("factor");
  const refusal = useCodeRefusal();
  const [secret, setSecret] = useState<FactorSecret>();
  const [codes, setCodes] = useState<readonly string[]>();
  const [code, setCode] = useState("");
  const [problem, setProblem] = useState("");
  const [isPending, setIsPending] = useState(false);

  async function run<T>(work: () => Promise<ActionResult<T>>, onDone: (data: T) => void) {
    if (isPending) return;
    setIsPending(true);
    const result = await work();
    setIsPending(false);
    setProblem(result.ok ? "" : refusal(result.code));
    if (result.ok) onDone(result.data);
  }
  function send(event: FormEvent) {
    event.preventDefault();
    run(
      () => confirm({ code }),
      (data) => setCodes(data.recoveryCodes),
    );
  }
  if (codes) {
    return (
      <RecoveryCodes codes={codes}>
        <LinkButton look="primary" href={next}>
          {t("codes.done")}
        </LinkButton>
      </RecoveryCodes>
    );
  }
  if (!secret) {
    return (
      <div className="grid gap-3">
        {problem && <Banner tone="bad">{problem}</Banner>}
        <div>
          <Button look="primary" aria-busy={isPending || undefined} onClick={() => run(begin, setSecret)}>
            {isPending ? t("setup.starting") : t("setup.start")}
          </Button>
        </div>
      </div>
    );
  }
  return (
    <form onSubmit={send} className="grid max-w-measure gap-4">
      <p>{t("setup.scan")}</p>
      <Picture uri={secret.uri} label={t("setup.picture")} />
      <div className="grid gap-1">
        <span className="field-label">{t("setup.secret")}</span>
        <span className="flex flex-wrap items-center gap-2">
          <code className="break-all">{secret.secret}</code>
          <CopyButton icon text={secret.secret.replaceAll(" ", "")} name={t("setup.secret")} />
        </span>
        <Link href={secret.uri}>{t("setup.openApp")}</Link>
      </div>
      <TextField
        name="code"
        label={t("setup.code")}
        hint={t("setup.codeHint")}
        error={problem || undefined}
        autoComplete="one-time-code"
        inputMode="numeric"
        maxLength={12}
        required
        value={code}
        onChange={(event) => setCode(event.currentTarget.value)}
      />
      <div>
        <Button type="submit" look="primary" aria-busy={isPending || undefined}>
          {isPending ? t("setup.confirming") : t("setup.confirm")}
        </Button>
      </div>
    </form>
  );
}

/** Dark on white in every theme: cameras want it so. An address too long for a code is left to be typed. */
function Picture({ uri, label }: { uri: string; label: string }) {
  if (uri.length > LONGEST_QR) return null;
  const { size, path } = qrPath(uri);
  return (
    <svg
      viewBox={`0 0 ${size} ${size}`}
      width={216}
      height={216}
      role="img"
      aria-label={label}
      shapeRendering="crispEdges"
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}

/** The ten codes, this once. */
export function RecoveryCodes({ codes, children }: { codes: readonly string[]; children?: ReactNode }) {
  const t = useTranslations("factor");
  return (
    <div className="grid max-w-measure gap-4" role="status">
      <h2 className="text-figure">{t("codes.heading")}</h2>
      <p>{t("codes.text")}</p>
      <ul className="grid list-none gap-1 p-0 sm:grid-cols-2">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <div className="flex flex-wrap gap-2">
        <CopyButton text={codes.join("\n")} name={t("codes.name")} />
        {children}
      </div>
    </div>
  );
}
