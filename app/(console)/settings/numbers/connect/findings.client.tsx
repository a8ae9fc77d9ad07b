"use client";

import { useTranslations } from "use-intl/react";
import { StatusBadge } from "@/app/_ui/badge";
import type { ConnectionReport } from "@/lib/numbers/connection";

/** What a test found, check by check: what happened and what is safe. */
export function Findings({ report }: { report: ConnectionReport }) {
  const t = useTranslations("numbers");
  return (
    <div role="status">
      <ul className="grid gap-3">
        {report.checks.map(({ check, finding, result }) => (
          <li key={check} className="grid gap-1">
            <StatusBadge tone={result}>{t(`steps.checks.${check}`)}</StatusBadge>
            <span>{t(`steps.findings.${finding}`)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
