import type { Metadata } from "next";
import Link from "next/link";
import { requirePerson } from "@/app/_server/context";
import { getTranslator } from "@/app/_server/preferences";
import { Button } from "@/app/_ui/button";
import { DataTable } from "@/app/_ui/data-table";
import { TextField } from "@/app/_ui/fields";
import { Answer, Section } from "@/app/_ui/page";
import { EmptyState } from "@/app/_ui/states";
import { instantOf, localDate } from "@/lib/foundation/time";
import { countReachableAt } from "@/lib/reporting/queries/count-reachable-at";
import { ComplianceHead } from "../compliance-head";
import { officerWords } from "../officer-words";

interface Query {
  day?: string;
  time?: string;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator("officer"))("timeMachine.title") };
}

/** How many people could be written to at a moment of the past? Computed from the events while one waits. */
export default async function TimeMachinePage({ searchParams }: { searchParams: Promise<Query> }) {
  const ctx = await requirePerson("consent.read");
  const [query, { o, formats }] = await Promise.all([searchParams, officerWords()]);
  const { timeZone } = formats.settings;
  const now = ctx.now();
  const asked = instantIn(query, timeZone);
  const at = asked && asked < now ? asked : now;
  const { purposes, segments } = await countReachableAt(ctx, { at });
  const most = Math.max(0, ...purposes.map(({ reachable }) => reachable));
  const rows = [
    { key: "all", name: o("timeMachine.everybody"), reachable: purposes.map(({ reachable }) => reachable) },
    ...segments.map(({ segmentId, name, reachable }) => ({ key: segmentId, name, reachable })),
  ];
  return (
    <>
      <ComplianceHead />
      <Answer sub={o("timeMachine.note")}>
        {o("timeMachine.answer", {
          count: most,
          countText: formats.integer(most),
          purposes: purposes.length,
          when: formats.dateTime(at),
          isNow: at === now ? "yes" : "no",
        })}
      </Answer>
      <Section title={o("timeMachine.when")} note={o("timeMachine.whenNote")}>
        <form className="flex flex-wrap items-end gap-3" aria-label={o("timeMachine.when")}>
          <TextField
            name="day"
            type="date"
            label={o("timeMachine.day")}
            className="w-full sm:w-48"
            max={localDate(now, timeZone)}
            defaultValue={localDate(at, timeZone)}
          />
          <TextField
            name="time"
            type="time"
            label={o("timeMachine.time")}
            className="w-full sm:w-36"
            defaultValue={asked && at === asked ? (query.time ?? "23:59") : "23:59"}
          />
          <Button type="submit" look="primary">
            {o("timeMachine.show")}
          </Button>
        </form>
      </Section>
      <Section wide title={o("timeMachine.list")}>
        {purposes.length === 0 ? (
          <EmptyState title={o("timeMachine.none")}>{o("reach.noPurpose")}</EmptyState>
        ) : (
          <DataTable
            caption={o("timeMachine.list")}
            rows={rows}
            rowKey={({ key }) => key}
            columns={[
              { key: "segment", head: o("timeMachine.segment"), cell: ({ name }) => name },
              ...purposes.map(({ purposeId, name }, index) => ({
                key: purposeId,
                head: name,
                isNumber: true,
                cell: ({ reachable }: (typeof rows)[number]) => formats.integer(reachable[index] ?? 0),
              })),
            ]}
          />
        )}
        <p className="note mt-4">
          {o("timeMachine.limits")} <Link href="/compliance/people">{o("timeMachine.onePerson")}</Link>
        </p>
      </Section>
    </>
  );
}

/** A day and a time of the organisation's zone; without a time, the end of the day. */
function instantIn({ day, time }: Query, zone: string): Date | undefined {
  if (!day || !/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(Date.parse(day))) return undefined;
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  const [hour = 23, minute = 59] = time && /^([01]\d|2[0-3]):[0-5]\d$/.test(time) ? time.split(":").map(Number) : [];
  return instantOf({ year, month, day: date, hour, minute, second: 59 }, zone);
}
