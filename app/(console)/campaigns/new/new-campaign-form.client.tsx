"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState, useTransition } from "react";
import { useTranslations } from "use-intl/react";
import { Banner } from "@/app/_ui/banner";
import { Button, LinkButton } from "@/app/_ui/button";
import { SelectField, TextField } from "@/app/_ui/fields";
import { create } from "../actions";

/** Name and, where there are several, brand of a new campaign; then on to the first step. */
export function NewCampaignForm({ brands }: { brands: readonly { id: string; name: string }[] }) {
  const t = useTranslations("campaigns");
  const errors = useTranslations("errors");
  const router = useRouter();
  const [name, setName] = useState("");
  const [brandId, setBrandId] = useState(brands.length === 1 ? (brands[0]?.id ?? "") : "");
  const [problem, setProblem] = useState<{ name?: string; brandId?: string; other?: string }>({});
  const [isPending, start] = useTransition();
  const needsBrand = brands.length > 1;

  function send(event: FormEvent) {
    event.preventDefault();
    const missing = {
      ...(name.trim() === "" && { name: t("nameMissing") }),
      ...(needsBrand && brandId === "" && { brandId: t("brandMissing") }),
    };
    setProblem(missing);
    if (isPending || Object.keys(missing).length > 0) return;
    start(async () => {
      const result = await create({ name, ...(brandId && { brandId }) });
      if (result.ok) router.push(result.data.href);
      else setProblem({ other: errors(result.code) });
    });
  }
  if (brands.length === 0) return <Banner tone="warn">{t("noBrand")}</Banner>;
  return (
    <form onSubmit={send} noValidate className="grid max-w-measure gap-5">
      {problem.other && <Banner tone="bad">{problem.other}</Banner>}
      <TextField
        name="name"
        label={t("nameLabel")}
        hint={t("nameHint")}
        error={problem.name}
        value={name}
        maxLength={120}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      {needsBrand && (
        <SelectField
          name="brandId"
          label={t("brandLabel")}
          placeholder={t("choose")}
          error={problem.brandId}
          value={brandId}
          onChange={(event) => setBrandId(event.currentTarget.value)}
          options={brands.map(({ id, name: brand }) => ({ value: id, label: brand }))}
        />
      )}
      <div className="flex flex-wrap gap-2">
        <Button look="primary" type="submit" aria-busy={isPending || undefined}>
          {isPending ? t("creating") : t("createAndContinue")}
        </Button>
        <LinkButton look="quiet" href="/campaigns">
          {t("cancel")}
        </LinkButton>
      </div>
    </form>
  );
}
