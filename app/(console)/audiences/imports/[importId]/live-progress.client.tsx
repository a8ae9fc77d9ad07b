"use client";

import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { useTranslations } from "use-intl/react";
import { Banner } from "@/app/_ui/banner";
import { Button } from "@/app/_ui/button";
import { useFormats } from "@/app/_ui/formats-provider.client";
import { Answer } from "@/app/_ui/page";
import { Progress } from "@/app/_ui/progress";
import type { ImportCounts, ImportStatus } from "@/lib/imports/import";
import { importKeys } from "./query-keys";

export interface ImportProgress {
  /** `imp_…` */
  id: string;
  status: ImportStatus;
  rowsTotal: number;
  rowsRead: number;
  counts: ImportCounts;
}

const EVERY_MS = 1_500;
const ANNOUNCED_STEPS = 4;

/** Polls the import while it runs; at its end the page is asked for again and shows the result. */
export function LiveProgress({ initial }: { initial: ImportProgress }) {
  const [client] = useState(() => new QueryClient());
  return (
    <QueryClientProvider client={client}>
      <Bar initial={initial} />
    </QueryClientProvider>
  );
}

function Bar({ initial }: { initial: ImportProgress }) {
  const t = useTranslations("imports.progress");
  const common = useTranslations("common");
  const formats = useFormats();
  const router = useRouter();
  const { data, isError, refetch } = useQuery({
    queryKey: importKeys.progress(initial.id),
    queryFn: () => readProgress(initial.id),
    initialData: initial,
    refetchInterval: ({ state }) => (isRunning(state.data ?? initial) ? EVERY_MS : false),
    retry: 2,
  });
  const hasEnded = !isRunning(data);
  useEffect(() => {
    if (hasEnded) router.refresh();
  }, [hasEnded, router]);
  const { integer } = formats;
  const { rowsRead, rowsTotal, counts } = data;
  const share = rowsTotal > 0 ? rowsRead / rowsTotal : 0;
  const valueText = t("rows", { readText: integer(rowsRead), totalText: integer(rowsTotal) });
  const heard = Math.floor(share * ANNOUNCED_STEPS) / ANNOUNCED_STEPS;
  return (
    <>
      <Answer as="h2" tight sub={t("sub")}>
        {data.status === "approved"
          ? t("waiting")
          : t("answer", { readText: integer(rowsRead), totalText: integer(rowsTotal) })}
      </Answer>
      <div className="mb-5 grid max-w-measure gap-2">
        <Progress label={t("label")} value={rowsRead} max={rowsTotal} valueText={valueText} full />
        <p className="note num">
          {valueText} ·{" "}
          {t("so_far", {
            createdText: integer(counts.created),
            updatedText: integer(counts.updated),
            rejectedText: integer(counts.rejected),
          })}
        </p>
        <p className="sr-only" role="status">
          {formats.percent(heard, 0)}
        </p>
      </div>
      {isError && (
        <div className="mb-5">
          <Banner tone="warn" action={<Button onClick={() => refetch()}>{common("retry")}</Button>}>
            {t("stale")}
          </Banner>
        </div>
      )}
    </>
  );
}

function isRunning({ status }: ImportProgress): boolean {
  return status === "approved" || status === "running";
}

async function readProgress(importId: string): Promise<ImportProgress> {
  const response = await fetch(`/api/v1/imports/${importId}`);
  if (!response.ok) throw new Error(`status ${response.status}`);
  return response.json();
}
