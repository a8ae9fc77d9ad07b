import { StatusBadge } from "@/app/_ui/badge";
import { Checklist } from "@/app/_ui/checklist";
import type { Reach, ReachVerdict } from "@/lib/reporting/queries/explain-reach";
import { reasonText } from "../../../reasons";
import type { Words } from "../../officer-words";

/** Per purpose, whether a message could leave now, and every check that says so or says no. */
export function ReachNow({ reach, words }: { reach: readonly Reach[]; words: Words }) {
  const { o } = words;
  if (reach.length === 0) return <p>{o("reach.noPurpose")}</p>;
  return (
    <div className="grid gap-6">
      {reach.map(({ purposeId, purposeName, mayWrite, checks }) => (
        <section key={purposeId}>
          <h3 className="mb-2 flex flex-wrap items-center gap-3">
            {purposeName}
            <StatusBadge tone={mayWrite ? "ok" : "bad"}>{o(mayWrite ? "reach.yes" : "reach.no")}</StatusBadge>
          </h3>
          <Checklist
            items={checks.map((verdict) => ({
              id: `${purposeId}-${verdict.check}`,
              status: verdict.isPassed ? "pass" : "block",
              title: words.t(`checks.${verdict.check}.title`),
              value: factOf(verdict, words),
            }))}
          />
        </section>
      ))}
    </div>
  );
}

function factOf({ reason, until, isPassed }: ReachVerdict, { r, o, formats }: Words): string {
  const when = until ? o(isPassed ? "reach.until" : "reach.again", { time: formats.dateTime(until) }) : "";
  const why = reason === null ? "" : reasonText(reason, r);
  return [why, when].filter((text) => text !== "").join(" · ");
}
