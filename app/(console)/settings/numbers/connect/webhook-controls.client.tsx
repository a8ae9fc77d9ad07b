"use client";

import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import { useTranslations } from "use-intl/react";
import { Banner } from "@/app/_ui/banner";
import { Button } from "@/app/_ui/button";
import { CopyButton } from "@/app/_ui/copy-button.client";
import { TextField } from "@/app/_ui/fields";
import { makeToken, subscribe } from "../actions";

/** Subscribes the app and has Meta verify our address in one go. */
export function SubscribeButton({ numberId }: { numberId: string }) {
  const t = useTranslations("numbers");
  const errors = useTranslations("errors");
  const [said, setSaid] = useState<{ tone: "ok" | "bad"; text: string }>();
  const [isPending, start] = useTransition();
  return (
    <div className="grid gap-3">
      {said && <Banner tone={said.tone}>{said.text}</Banner>}
      <div>
        <Button
          aria-busy={isPending || undefined}
          onClick={() => {
            if (isPending) return;
            start(async () => {
              const result = await subscribe({ numberId });
              if (!result.ok) setSaid({ tone: "bad", text: errors(result.code) });
              else if (result.data.kind === "subscribed") setSaid({ tone: "ok", text: t("steps.webhooks.subscribed") });
              else {
                const reason = t(`steps.webhooks.failReasons.${result.data.failure}`);
                setSaid({ tone: "bad", text: t("steps.webhooks.failed", { reason }) });
              }
            });
          }}
        >
          {isPending ? t("steps.webhooks.subscribing") : t("steps.webhooks.subscribe")}
        </Button>
      </div>
    </div>
  );
}

/** Made and shown once; only its hash is kept. */
export function VerifyToken({ numberId }: { numberId: string }) {
  const t = useTranslations("numbers");
  const errors = useTranslations("errors");
  const [token, setToken] = useState("");
  const [refusal, setRefusal] = useState("");
  const [isPending, start] = useTransition();
  return (
    <div className="grid gap-2">
      {refusal && <Banner tone="bad">{refusal}</Banner>}
      {token && (
        <>
          <TextField
            name="verifyToken"
            label={t("steps.webhooks.verifyToken")}
            hint={t("steps.webhooks.verifyHint")}
            value={token}
            readOnly
            onFocus={(event) => event.currentTarget.select()}
          />
          <div>
            <CopyButton text={token} />
          </div>
        </>
      )}
      <div>
        <Button
          aria-busy={isPending || undefined}
          onClick={() => {
            if (isPending) return;
            start(async () => {
              const result = await makeToken({ numberId });
              if (result.ok) setToken(result.data.verifyToken);
              setRefusal(result.ok ? "" : errors(result.code));
            });
          }}
        >
          {isPending ? t("steps.webhooks.making") : t("steps.webhooks.make")}
        </Button>
      </div>
    </div>
  );
}

export function RefreshButton() {
  const t = useTranslations("numbers");
  const router = useRouter();
  return (
    <Button look="link" onClick={() => router.refresh()}>
      {t("steps.webhooks.refresh")}
    </Button>
  );
}
