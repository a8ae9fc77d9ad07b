import { DataTable } from "@/app/_ui/data-table";
import { TimeText } from "@/app/_ui/text";
import type { Formats } from "@/lib/i18n/formats";
import type { Translator } from "@/lib/i18n/translator";
import { may } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import type { PolicyRules } from "@/lib/policies/policy";
import type { Policy, PolicyVersionView } from "@/lib/policies/queries/get-policy";
import { previewPolicy } from "@/lib/policies/queries/preview-policy";
import { DecideButtons } from "./decide-buttons.client";
import { changedParts, countryText } from "./rule-text";

/** One version that waits: who proposed it and why, what it changes, whom it affects. Nobody decides unseen. */
export async function Proposal({
  ctx,
  version,
  inForce,
  words,
}: {
  ctx: Context;
  version: PolicyVersionView & { rules: PolicyRules };
  inForce: Policy | undefined;
  words: { t: Translator<"policies">; formats: Formats };
}) {
  const { t, formats } = words;
  const { id, note, proposedBy, proposedAt, rules } = version;
  const affected = await previewPolicy(ctx, { rules });
  const people = affected.reduce((sum, row) => sum + row.people, 0);
  const changes = changedParts(inForce?.rules.rules, rules.rules, words);
  const number = formats.integer(version.number);
  const isOwn = ctx.actor.kind === "user" && ctx.actor.userId === proposedBy?.id;
  return (
    <div className="grid gap-3">
      <p>
        <b>{t("proposalHead", { number, name: proposedBy?.name ?? t("shipped") })}</b>{" "}
        <span className="note">
          <TimeText at={proposedAt} formats={formats} />
        </span>
      </p>
      <p className="max-w-measure break-words">{note}</p>
      {changes.length === 0 ? (
        <p>{t("sameAsInForce")}</p>
      ) : (
        <DataTable
          caption={t("changesOf", { number })}
          rows={changes}
          rowKey={({ country, part }) => `${country} ${part}`}
          columns={[
            { key: "country", head: t("columns.country"), cell: ({ country }) => countryText(country, words) },
            { key: "part", head: t("columns.part"), cell: ({ part }) => t(`parts.${part}`) },
            { key: "before", head: t("columns.before"), cell: ({ before }) => before },
            { key: "after", head: t("columns.after"), cell: ({ after }) => <b>{after}</b> },
          ]}
        />
      )}
      <p>{t("affects", { count: people, countText: formats.integer(people) })}</p>
      {may(ctx.actor, "policy.approve") && !isOwn ? (
        <DecideButtons versionId={id} number={number} />
      ) : (
        <p className="note">{t("otherDecides")}</p>
      )}
    </div>
  );
}
