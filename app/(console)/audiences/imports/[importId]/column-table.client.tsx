"use client";

import { ChevronDown } from "lucide-react";
import { useTranslations } from "use-intl/react";
import { StatusBadge } from "@/app/_ui/badge";
import { DataTable, TwoLines } from "@/app/_ui/data-table";
import { useFormats } from "@/app/_ui/formats-provider.client";
import { PROBABLE, SURE, type TargetCode, targetGroupNames, targetGroups, targetKey } from "./target-code";

export interface ShownColumn {
  key: string;
  header: string;
  code: TargetCode;
  /** 0–1. */
  confidence: number;
  /** First values, masked on the server. */
  samples: readonly string[];
}

/** A row per column of the file: its name, its first values, what it becomes, and how sure that guess is. */
export function ColumnTable({
  columns,
  chosen,
  wrong,
  onChoose,
}: {
  columns: readonly ShownColumn[];
  /** What was chosen in this form, by header. */
  chosen: Readonly<Record<string, TargetCode>>;
  /** Headers that keep the mapping from being used. */
  wrong: readonly string[];
  onChoose: (header: string, code: TargetCode) => void;
}) {
  const t = useTranslations("imports.columns");
  return (
    <DataTable
      caption={t("columns")}
      rows={columns}
      rowKey={({ key }) => key}
      columns={[
        { key: "header", head: t("header"), cell: ({ header }) => <span className="break-words">{header}</span> },
        {
          key: "samples",
          head: t("samples"),
          cell: ({ samples: [first, ...others] }) =>
            first === undefined ? (
              <span className="note">{t("noSamples")}</span>
            ) : (
              <TwoLines second={others.join(" · ")}>{first}</TwoLines>
            ),
        },
        {
          key: "target",
          head: t("target"),
          cell: (column) => (
            <TargetSelect
              column={column}
              value={chosen[column.header] ?? column.code}
              isWrong={wrong.includes(column.header)}
              onChange={(code) => onChoose(column.header, code)}
            />
          ),
        },
        {
          key: "confidence",
          head: t("confidence"),
          cell: (column) => <Confidence column={column} isChosen={column.header in chosen} />,
        },
      ]}
    />
  );
}

function TargetSelect({
  column,
  value,
  isWrong,
  onChange,
}: {
  column: ShownColumn;
  value: TargetCode;
  isWrong: boolean;
  onChange: (code: TargetCode) => void;
}) {
  const t = useTranslations("imports.columns");
  const codes: readonly TargetCode[] = targetGroupNames.flatMap((name) => [...targetGroups[name]]);
  return (
    <div className="select-box min-w-56 max-w-full">
      <select
        id={`column-${column.key}`}
        className="input"
        aria-label={t("targetOf", { column: column.header })}
        aria-invalid={isWrong || undefined}
        value={value}
        onChange={(event) => {
          const code = codes.find((one) => one === event.currentTarget.value);
          if (code) onChange(code);
        }}
      >
        {targetGroupNames.map((group) => (
          <optgroup key={group} label={t(`groups.${group}`)}>
            {targetGroups[group].map((code) => (
              <option key={code} value={code}>
                {t(`targets.${targetKey(code)}`)}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
      <ChevronDown aria-hidden />
    </div>
  );
}

function Confidence({ column: { code, confidence }, isChosen }: { column: ShownColumn; isChosen: boolean }) {
  const t = useTranslations("imports.columns");
  const formats = useFormats();
  if (isChosen) return <StatusBadge tone="ok">{t("chosen")}</StatusBadge>;
  if (code === "ignore") return <StatusBadge tone="idle">{t("ignored")}</StatusBadge>;
  if (code.startsWith("attribute:")) return <StatusBadge tone="info">{t("kept")}</StatusBadge>;
  const [tone, word] =
    confidence >= SURE
      ? (["ok", "sure"] as const)
      : confidence >= PROBABLE
        ? (["info", "probable"] as const)
        : (["warn", "check"] as const);
  return (
    <StatusBadge tone={tone}>
      {t(word)} <span className="note num">{formats.percent(confidence, 0)}</span>
    </StatusBadge>
  );
}
