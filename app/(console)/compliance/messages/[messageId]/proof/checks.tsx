import { CircleCheck, CircleMinus, OctagonX } from "lucide-react";
import type { Translator } from "@/lib/i18n/translator";
import type { CheckResult } from "@/lib/sending/checks";

const marks = {
  passed: { icon: CircleCheck, className: "text-ok" },
  failed: { icon: OctagonX, className: "text-bad" },
  not_evaluated: { icon: CircleMinus, className: "text-muted" },
} as const;

/** The gate's checks in their order, each with its outcome in words; what was not looked at is said, not left out. */
export function Checks({ checks, t }: { checks: readonly CheckResult[]; t: Translator<"compliance"> }) {
  if (checks.length === 0) return <p>{t("proof.checksNone")}</p>;
  return (
    <ol>
      {checks.map(({ check, result }) => {
        const { icon: Icon, className } = marks[result];
        return (
          <li key={check} className="check-row">
            <Icon aria-hidden className={className} />
            <span>
              <span className="font-medium">{t(`checks.${check}.title`)}</span>
              <span className="note ml-2">{t(`checks.${check}.what`)}</span>
            </span>
            <span className={`text-note font-medium ${className}`}>{t(`results.${result}`)}</span>
          </li>
        );
      })}
    </ol>
  );
}
