"use client";

import { Plus, X } from "lucide-react";
import { useTranslations } from "use-intl/react";
import { Button } from "@/app/_ui/button";
import { ConditionRow } from "./condition-row.client";
import { PlainSelect } from "./plain-select.client";
import { useRules } from "./rule-context.client";
import { changePart, type DraftGroup, type DraftPart, type GroupMode, groupModes, newCondition } from "./rule-draft";

/** Groups within groups are of use up to here; the rule itself allows five. */
const DEEPEST = 3;

/** Conditions that hold together: all, any or none of them; groups may stand among them. */
export function RuleGroup({
  group,
  depth = 1,
  name,
  onChange,
  onRemove,
}: {
  group: DraftGroup;
  depth?: number;
  /** How screen readers tell groups apart: `2`, `2.1`. */
  name?: string;
  onChange: (group: DraftGroup) => void;
  onRemove?: () => void;
}) {
  const t = useTranslations("audiences.rule");
  const { kinds, purposes } = useRules();
  const change = (id: string, next: DraftPart | undefined) => onChange(changePart(group, id, () => next));
  const add = (part: DraftPart) => onChange({ ...group, parts: [...group.parts, part] });
  const purposeId = purposes[0]?.value ?? "";
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset's legend cannot hold the choice of how the parts join
    <div
      role="group"
      aria-label={name ? t("groupNamed", { name }) : t("group")}
      className={depth > 1 ? "grid gap-3 border-l-2 border-line pl-4" : "grid gap-3"}
    >
      <div className="flex flex-wrap items-center gap-2">
        <PlainSelect
          label={t("mode")}
          value={group.mode}
          options={groupModes.map((value) => ({ value, label: t(`modes.${value}`) }))}
          onChange={(value) => onChange({ ...group, mode: modeOf(value) })}
        />
        {onRemove && (
          <button type="button" className="icon-button" aria-label={t("removeGroup")} onClick={onRemove}>
            <X aria-hidden />
          </button>
        )}
      </div>
      {group.parts.length === 0 && <p className="note">{t(depth === 1 ? "everybody" : "emptyGroup")}</p>}
      {group.parts.map((part, index) =>
        part.kind === "group" ? (
          <RuleGroup
            key={part.id}
            group={part}
            depth={depth + 1}
            name={name ? `${name}.${index + 1}` : `${index + 1}`}
            onChange={(next) => change(part.id, next)}
            onRemove={() => change(part.id, undefined)}
          />
        ) : (
          <ConditionRow
            key={part.id}
            condition={part}
            number={index + 1}
            onChange={(next) => change(part.id, next)}
            onRemove={() => change(part.id, undefined)}
          />
        ),
      )}
      <div className="flex flex-wrap gap-2">
        <Button
          size="small"
          onClick={() => add(newCondition(crypto.randomUUID(), "country", { attributes: kinds, purposeId }))}
        >
          <Plus aria-hidden /> {t("addCondition")}
        </Button>
        {depth < DEEPEST && (
          <Button
            size="small"
            look="quiet"
            onClick={() => add({ kind: "group", id: crypto.randomUUID(), mode: "any", parts: [] })}
          >
            <Plus aria-hidden /> {t("addGroup")}
          </Button>
        )}
      </div>
    </div>
  );
}

function modeOf(value: string): GroupMode {
  return groupModes.find((mode) => mode === value) ?? "all";
}
