"use client";

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { type FormEvent, type ReactNode, useMemo, useState, useTransition } from "react";
import { useTranslations } from "use-intl/react";
import type { ActionResult } from "@/app/_server/action";
import { Banner } from "@/app/_ui/banner";
import { Button } from "@/app/_ui/button";
import { FormErrors, SelectField, TextField } from "@/app/_ui/fields";
import { useFormats } from "@/app/_ui/formats-provider.client";
import { Section } from "@/app/_ui/page";
import { useToast } from "@/app/_ui/toast.client";
import type { SegmentRule } from "@/lib/segments/segment";
import { change, create } from "./actions";
import { LiveReach } from "./live-reach.client";
import { type RuleContext, RuleProvider } from "./rule-context.client";
import { draftOf, readDraft } from "./rule-draft";
import { RuleGroup } from "./rule-group.client";

export interface SegmentFormProps extends Omit<RuleContext, "kinds" | "wrong"> {
  /** Left out for a new one. `id` is `seg_…`. */
  segment?: { id: string; name: string };
  rule: SegmentRule;
  mayEdit: boolean;
  /** More to do with a segment that exists. */
  children?: ReactNode;
}

/** Writes the question about people, and shows beside it whom it means now. */
export function SegmentForm({ segment, rule, mayEdit, children, ...given }: SegmentFormProps) {
  const t = useTranslations("audiences");
  const errors = useTranslations("errors");
  const formats = useFormats();
  const router = useRouter();
  const toast = useToast();
  const [client] = useState(() => new QueryClient());
  const [name, setName] = useState(segment?.name ?? "");
  const [draft, setDraft] = useState(() => draftOf(rule, (value) => writeNumber(value)));
  const [purposeId, setPurposeId] = useState(given.purposes[0]?.value ?? "");
  const [isTried, setIsTried] = useState(false);
  const [refused, setRefused] = useState<Extract<ActionResult<unknown>, { ok: false }>>();
  const [isSaving, save] = useTransition();
  const kinds = useMemo(() => new Map(given.attributes.map(({ key, type }) => [key, type])), [given.attributes]);
  const read = readDraft(draft, { attributes: kinds, readNumber: formats.parseNumber });
  const missing = isTried && read.kind === "incomplete" ? read.ids : [];
  const isNameless = isTried && name.trim() === "";

  function writeNumber(value: number): string {
    const digits = String(value).split(".")[1]?.length ?? 0;
    return formats.decimal(value, digits);
  }
  function send(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    setIsTried(true);
    if (isSaving || read.kind === "incomplete" || name.trim() === "") return;
    save(async () => {
      // The action parses the rule again: what a form holds is only shaped like one.
      const asked = { name, rule: read.rule as SegmentRule };
      const result = segment ? await change({ segmentId: segment.id, ...asked }) : await create(asked);
      setRefused(result.ok ? undefined : result);
      if (!result.ok) return;
      toast({ text: t("segment.saved") });
      router.push("/audiences");
    });
  }
  return (
    <QueryClientProvider client={client}>
      <RuleProvider value={{ ...given, kinds, wrong: new Set(missing) }}>
        <form
          onSubmit={send}
          noValidate
          className="grid grid-cols-[minmax(0,1fr)] gap-x-10 gap-y-6 lg:grid-cols-[minmax(0,1fr)_320px]"
        >
          <div className="min-w-0">
            <FormErrors
              title={t("segment.notSaved")}
              errors={[
                ...(isNameless ? [{ field: "name", message: t("segment.nameMissing") }] : []),
                ...missing.map((id) => ({ field: `condition-${id}`, message: t("rule.incomplete") })),
              ]}
            />
            {refused && (
              <Banner tone="bad">{errors(refused.code === "invalid_input" ? "segment_invalid" : refused.code)}</Banner>
            )}
            <Section title={t("segment.name")}>
              <TextField
                name="name"
                label={t("segment.nameLabel")}
                value={name}
                onChange={(event) => setName(event.currentTarget.value)}
                error={isNameless && t("segment.nameMissing")}
                className="max-w-measure"
                maxLength={120}
                readOnly={!mayEdit}
                autoComplete="off"
                required
              />
            </Section>
            <Section title={t("segment.rule")} note={t("segment.ruleNote")}>
              <RuleGroup group={draft} onChange={setDraft} />
            </Section>
            <div className="flex flex-wrap items-start gap-3 border-t border-line py-5">
              {mayEdit ? (
                <Button type="submit" look="primary" aria-busy={isSaving || undefined}>
                  {isSaving ? t("segment.saving") : t("segment.save")}
                </Button>
              ) : (
                <Button blocked={{ reason: t("segment.blockedRole") }}>{t("segment.save")}</Button>
              )}
              {children}
            </div>
          </div>
          <aside aria-label={t("live.title")} className="builder-side content-start border-t-2 border-ink pt-4">
            {given.purposes.length > 1 && (
              <SelectField
                name="countPurpose"
                label={t("live.purpose")}
                options={given.purposes}
                value={purposeId}
                onChange={(event) => setPurposeId(event.currentTarget.value)}
              />
            )}
            <LiveReach rule={read.kind === "rule" ? JSON.stringify(read.rule) : undefined} purposeId={purposeId} />
          </aside>
        </form>
      </RuleProvider>
    </QueryClientProvider>
  );
}
