"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState, useTransition } from "react";
import { useTranslations } from "use-intl/react";
import * as z from "zod";
import { Banner } from "@/app/_ui/banner";
import { Button } from "@/app/_ui/button";
import { type Choice, FileField, SelectField, TextField } from "@/app/_ui/fields";
import { useFormats } from "@/app/_ui/formats-provider.client";

const Taken = z.object({ rows: z.int(), added: z.int(), unreadable: z.int(), contacts: z.int() });
type Taken = z.infer<typeof Taken>;

/** Sends a list of numbers that others keep. The file is read as it comes and never stored. */
export function ListUpload({ countries, country }: { countries: readonly Choice[]; country: string }) {
  const t = useTranslations("officer");
  const formats = useFormats();
  const router = useRouter();
  const [taken, setTaken] = useState<Taken>();
  const [refusal, setRefusal] = useState<"noFile" | "noName" | "unreadable" | "broken">();
  const [isPending, start] = useTransition();
  const count = (value: number) => formats.integer(value);

  function send(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (isPending) return;
    const form = new FormData(event.currentTarget);
    const file = form.get("file");
    const name = String(form.get("name")).trim();
    setTaken(undefined);
    if (name === "") return setRefusal("noName");
    if (!(file instanceof File) || file.size === 0) return setRefusal("noFile");
    setRefusal(undefined);
    start(async () => {
      const response = await fetch(`/api/compliance/exclusion-lists?country=${String(form.get("country"))}`, {
        method: "POST",
        headers: { "Content-Type": "text/plain", "X-List-Name": encodeURIComponent(name) },
        body: file,
      }).catch(() => undefined);
      const answer = Taken.safeParse(await response?.json().catch(() => undefined));
      if (!answer.success) return setRefusal(response?.status === 422 ? "unreadable" : "broken");
      setTaken(answer.data);
      router.refresh();
    });
  }

  return (
    <form onSubmit={send} className="grid max-w-measure gap-4" noValidate>
      <div aria-live="polite">
        {taken && (
          <Banner tone="ok">
            {t("lists.taken", {
              rowsText: count(taken.rows),
              addedText: count(taken.added),
              contacts: taken.contacts,
              contactsText: count(taken.contacts),
              unreadable: taken.unreadable,
              unreadableText: count(taken.unreadable),
            })}
          </Banner>
        )}
        {(refusal === "unreadable" || refusal === "broken") && (
          <Banner tone="bad">{t(`lists.refused.${refusal}`)}</Banner>
        )}
      </div>
      <TextField
        name="name"
        id="list-name"
        label={t("lists.name")}
        hint={t("lists.nameHint")}
        maxLength={100}
        required
        error={refusal === "noName" && t("lists.refused.noName")}
      />
      <FileField
        name="file"
        id="list-file"
        label={t("lists.file")}
        hint={t("lists.fileHint")}
        accept=".csv,.tsv,.txt,text/csv,text/plain"
        required
        error={refusal === "noFile" && t("lists.refused.noFile")}
      />
      <SelectField
        name="country"
        id="list-country"
        label={t("lists.country")}
        options={countries}
        defaultValue={country}
        className="w-full sm:w-56"
      />
      <div>
        <Button type="submit" aria-busy={isPending || undefined}>
          {isPending ? t("lists.sending") : t("lists.send")}
        </Button>
      </div>
    </form>
  );
}
