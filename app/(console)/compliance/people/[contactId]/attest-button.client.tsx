"use client";

import { type ChangeEvent, useState } from "react";
import { useTranslations } from "use-intl/react";
import { type Choice, FileField, RadioField, SelectField, TextAreaField, TextField } from "@/app/_ui/fields";
import { ConfirmButton } from "@/app/_ui/overlays.client";
import { useToast } from "@/app/_ui/toast.client";
import { attest } from "../actions";

const sources = ["agent_attest", "phone_call", "pos_paper"] as const;
const empty = { at: "", sourceSystem: "", fileSha256: "", attester: "", note: "" };

/** Writes down what a person agreed to elsewhere. The file that shows it stays where it is: its hash is made here. */
export function AttestButton({ contactId, wordings }: { contactId: string; wordings: readonly Choice[] }) {
  const t = useTranslations("consents");
  const toast = useToast();
  const [wordingVersionId, setWording] = useState(wordings[0]?.value ?? "");
  const [source, setSource] = useState<(typeof sources)[number]>("agent_attest");
  const [told, setTold] = useState(empty);
  const field = (name: "at" | "sourceSystem" | "attester" | "note") => ({
    name,
    id: `attest-${name}`,
    value: told[name],
    onChange: (event: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) =>
      setTold({ ...told, [name]: event.currentTarget.value }),
  });
  return (
    <ConfirmButton
      label={t("attest.button")}
      title={t("attest.title")}
      confirmLabel={t("attest.save")}
      action={async () => {
        const outcome = await attest({ contactId, wordingVersionId, source, ...told });
        if (outcome.ok) toast({ text: t(`attest.${resultOf(outcome.data)}`) });
        return outcome;
      }}
      onDone={() => setTold(empty)}
    >
      <div className="grid gap-4">
        <p>{t("attest.text")}</p>
        <SelectField
          name="wordingVersionId"
          label={t("attest.purpose")}
          options={wordings}
          value={wordingVersionId}
          onChange={(event) => setWording(event.currentTarget.value)}
        />
        <RadioField
          name="source"
          label={t("attest.how")}
          value={source}
          onChange={(value) => setSource(sources.find((one) => one === value) ?? "agent_attest")}
          options={sources.map((value) => ({ value, label: t(`attest.sources.${value}`) }))}
        />
        <TextField {...field("at")} type="datetime-local" label={t("attest.when")} />
        <TextField {...field("sourceSystem")} label={t("attest.system")} hint={t("attest.systemHint")} />
        <FileField
          name="file"
          label={t("attest.file")}
          hint={told.fileSha256 ? <span className="break-all">{told.fileSha256}</span> : t("attest.fileHint")}
          onChange={async (event) => {
            const file = event.currentTarget.files?.[0];
            const fileSha256 = file ? await sha256(file) : "";
            setTold((before) => ({ ...before, fileSha256 }));
          }}
        />
        <TextField {...field("attester")} label={t("attest.attester")} />
        <TextAreaField {...field("note")} label={t("attest.note")} maxLength={500} />
      </div>
    </ConfirmButton>
  );
}

function resultOf({ status }: { status: string | null }) {
  return status === "granted" || status === "pending" ? status : "other";
}

async function sha256(file: File): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
