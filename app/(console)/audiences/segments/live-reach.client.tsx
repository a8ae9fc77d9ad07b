"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslations } from "use-intl/react";
import { Button } from "@/app/_ui/button";
import { useFormats } from "@/app/_ui/formats-provider.client";
import { KeyValue } from "@/app/_ui/page";
import { MaskedPhone } from "@/app/_ui/text";
import { segmentKeys } from "./query-keys";
import { reasonKey } from "./reasons";

/** What `/api/segments/preview` answers. */
interface Preview {
  count: { matches: number; reachable: number; reasons: { reason: string; count: number }[] };
  people: { phone: string | null; name: string | null; country: string | null; language: string | null }[];
}

const DEBOUNCE_MS = 300;
const SHOWN = 5;

/** How many people the rule means while it is written, who may be written to, and a few of them. */
export function LiveReach({ rule, purposeId }: { rule: string | undefined; purposeId: string }) {
  const t = useTranslations("audiences.live");
  const common = useTranslations("common");
  const formats = useFormats();
  const settled = useSettled(rule);
  const { data, isError, isFetching, refetch } = useQuery({
    queryKey: segmentKeys.preview(purposeId, settled ?? ""),
    queryFn: ({ signal }) => askPreview(`{"purposeId":${JSON.stringify(purposeId)},"rule":${settled}}`, signal),
    enabled: settled !== undefined,
    placeholderData: keepPreviousData,
    retry: 1,
  });
  if (isError) {
    return (
      <div role="alert" className="grid gap-2">
        <p className="text-bad">{t("failed")}</p>
        <div>
          <Button size="small" onClick={() => refetch()}>
            {common("retry")}
          </Button>
        </div>
      </div>
    );
  }
  if (!data) return <p className="note">{settled === undefined ? t("incomplete") : t("counting")}</p>;
  const { count, people } = data;
  const { integer } = formats;
  return (
    <div aria-busy={isFetching || undefined} className="grid gap-4">
      <div role="status">
        <p className="figure">{t("reachable", { count: count.reachable, countText: integer(count.reachable) })}</p>
        <p className="note">{t("of", { count: count.matches, countText: integer(count.matches) })}</p>
        {rule === undefined && <p className="note">{t("incomplete")}</p>}
      </div>
      <KeyValue
        rows={[
          { label: t("matches"), value: integer(count.matches) },
          ...count.reasons.map((one) => ({
            label: t(`reasons.${reasonKey(one.reason)}`),
            value: `−${integer(one.count)}`,
          })),
          { label: t("left"), value: <b>{integer(count.reachable)}</b> },
        ]}
      />
      {people.length > 0 && (
        <div>
          <h3 className="mb-1 text-note text-muted">{t("sample")}</h3>
          <ul className="grid gap-1">
            {people.slice(0, SHOWN).map(({ phone, name, country }, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: masked people have nothing to tell them apart
              <li key={index} className="flex justify-between gap-3">
                {phone ? <MaskedPhone masked={phone} /> : <span className="note">{t("noPhone")}</span>}
                <span className="note">{[name, country && formats.country(country)].filter(Boolean).join(" · ")}</span>
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}

/** The value once nobody has changed it for a moment. */
function useSettled(value: string | undefined): string | undefined {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), DEBOUNCE_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

async function askPreview(body: string, signal: AbortSignal): Promise<Preview> {
  const headers = { "Content-Type": "application/json" };
  const response = await fetch("/api/segments/preview", { method: "POST", headers, body, signal });
  if (!response.ok) throw new Error(`status ${response.status}`);
  return response.json();
}
