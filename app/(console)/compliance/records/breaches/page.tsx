import type { Metadata } from "next";
import Link from "next/link";
import { requirePerson } from "@/app/_server/context";
import { getTranslator } from "@/app/_server/preferences";
import { StatusBadge } from "@/app/_ui/badge";
import { ClientMessages } from "@/app/_ui/client-messages";
import { DataTable, TwoLines } from "@/app/_ui/data-table";
import { Answer, Section } from "@/app/_ui/page";
import { EmptyState } from "@/app/_ui/states";
import type { Tone } from "@/app/_ui/tones";
import { parsePublicId, publicId } from "@/lib/foundation/ids";
import { localParts } from "@/lib/foundation/time";
import type { BreachClock } from "@/lib/rights/breach";
import { type BreachView, listBreaches } from "@/lib/rights/queries/list-breaches";
import { ComplianceHead } from "../../compliance-head";
import { type RightsWords, rightsWords } from "../../rights-words";
import { BreachForm, CloseBreach } from "./breach-form.client";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator("rights"))("breaches.title") };
}

/** What went wrong with data, and how much of the 72 hours is left? */
export default async function BreachesPage({ searchParams }: { searchParams: Promise<{ edit?: string }> }) {
  const ctx = await requirePerson("rights.handle");
  const [rows, words, { edit }] = await Promise.all([listBreaches(ctx), rightsWords(), searchParams]);
  const { t, formats } = words;
  const open = rows.filter(({ closedAt }) => !closedAt);
  const overdue = open.filter(({ clock }) => clock.kind === "overdue").length;
  const chosen = edit ? open.find(({ id }) => id === parsePublicId("brc", edit)) : undefined;
  const { timeZone } = formats.settings;
  return (
    <ClientMessages namespaces={["rights"]}>
      <ComplianceHead title={t("breaches.title")} />
      <Answer sub={t("breaches.note")}>
        {t("breaches.answer", {
          open: open.length,
          openText: formats.integer(open.length),
          overdue,
          overdueText: formats.integer(overdue),
        })}
      </Answer>
      <Section title={t("breaches.title")} wide>
        {rows.length === 0 ? (
          <EmptyState title={t("breaches.none")}>{t("breaches.noneText")}</EmptyState>
        ) : (
          <DataTable
            caption={t("breaches.title")}
            rows={rows}
            rowKey={({ id }) => id}
            columns={[
              {
                key: "nature",
                head: t("breaches.nature"),
                cell: ({ nature, detectedAt }) => (
                  <TwoLines second={`${t("breaches.detected")} ${formats.dateTime(detectedAt)}`}>{nature}</TwoLines>
                ),
              },
              {
                key: "clock",
                head: t("breaches.clock"),
                cell: ({ clock }) => <StatusBadge tone={clockTone(clock)}>{clockText(clock, words)}</StatusBadge>,
              },
              {
                key: "people",
                head: t("breaches.people"),
                isNumber: true,
                cell: ({ peopleCount }) => (peopleCount === null ? "–" : formats.integer(peopleCount)),
              },
              {
                key: "state",
                head: t("breaches.state"),
                cell: ({ closedAt }) => (closedAt ? t("breaches.closed") : t("breaches.open")),
              },
              {
                key: "act",
                head: t("breaches.act"),
                cell: ({ id, closedAt }) =>
                  closedAt ? null : (
                    <span className="flex flex-wrap items-center gap-3">
                      <Link href={`/compliance/records/breaches?edit=${publicId("brc", id)}#form`}>
                        {t("breaches.edit")}
                      </Link>
                      <CloseBreach breachId={id} />
                    </span>
                  ),
              },
            ]}
          />
        )}
      </Section>
      <Section
        title={chosen ? t("breaches.edit") : t("breaches.new")}
        note={t("breaches.timeHint", { zone: timeZone })}
        id="form"
      >
        <BreachForm key={chosen?.id ?? "new"} values={valuesOf(chosen, ctx.now(), timeZone)} />
      </Section>
    </ClientMessages>
  );
}

function clockTone(clock: BreachClock): Tone {
  switch (clock.kind) {
    case "told":
      return clock.isLate ? "warn" : "ok";
    case "explained":
      return "ok";
    case "running":
      return clock.urgency === "soon" ? "warn" : "info";
    case "overdue":
      return "bad";
  }
}

function clockText(clock: BreachClock, { t, formats }: RightsWords): string {
  switch (clock.kind) {
    case "told":
      return t("breaches.clocks.told", {
        late: clock.isLate ? "yes" : "no",
        hours: formats.integer(clock.afterHours),
      });
    case "explained":
      return t("breaches.clocks.explained");
    case "running":
      return t("breaches.clocks.running", { hours: formats.integer(clock.hoursLeft) });
    case "overdue":
      return t("breaches.clocks.overdue", { hours: formats.integer(clock.hours) });
  }
}

function valuesOf(breach: BreachView | undefined, now: Date, zone: string) {
  const local = (at: Date | null | undefined) => (at ? localField(at, zone) : "");
  return {
    breachId: breach?.id ?? "",
    detectedAt: local(breach?.detectedAt ?? now),
    nature: breach?.nature ?? "",
    categories: breach?.categories ?? "",
    peopleCount: String(breach?.peopleCount ?? ""),
    recordsCount: String(breach?.recordsCount ?? ""),
    consequences: breach?.consequences ?? "",
    measures: breach?.measures ?? "",
    authorityNotifiedAt: local(breach?.authorityNotifiedAt),
    authorityReason: breach?.authorityReason ?? "",
    peopleNotifiedAt: local(breach?.peopleNotifiedAt),
    peopleReason: breach?.peopleReason ?? "",
  };
}

/** `2026-12-01T10:00`, as the browser's field for a time takes it. */
function localField(at: Date, zone: string): string {
  const { year, month, day, hour, minute } = localParts(at, zone);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}`;
}
