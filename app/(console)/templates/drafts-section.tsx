import Link from "next/link";
import { Section } from "@/app/_ui/page";
import { TimeText } from "@/app/_ui/text";
import { publicId } from "@/lib/foundation/ids";
import type { Formats } from "@/lib/i18n/formats";
import type { Translator } from "@/lib/i18n/translator";
import type { DraftView } from "@/lib/templates/queries/list-drafts";
import { DiscardButton } from "./discard-button.client";

/** What is being written and not yet at Meta, with why Meta did not take it. */
export function DraftsSection({
  drafts,
  formats,
  t,
  now,
}: {
  drafts: readonly DraftView[];
  formats: Formats;
  t: Translator<"templates">;
  now: Date;
}) {
  return (
    <Section title={t("drafts.title")} note={t("drafts.note")}>
      <ul className="grid gap-4">
        {drafts.map((draft) => {
          const id = publicId("tdr", draft.draftId);
          const name = draft.content.name || t("drafts.unnamed");
          return (
            <li key={id} className="flex flex-wrap items-start justify-between gap-3 border-b border-line pb-4">
              <div className="min-w-0">
                <Link className="break-all" href={addressOf(draft, id)}>
                  {name}
                </Link>
                <p className="note">
                  {t(draft.templateId ? "drafts.isChange" : "drafts.isNew")} · {t("drafts.last")}{" "}
                  <TimeText at={draft.updatedAt} formats={formats} now={now} />
                  {draft.by && ` ${t("drafts.by", { name: draft.by })}`}
                </p>
                {draft.refusal && <p className="text-note text-bad">{refusalText(draft.refusal, t)}</p>}
              </div>
              <DiscardButton draftId={id} name={name} />
            </li>
          );
        })}
      </ul>
    </Section>
  );
}

function addressOf({ templateId }: DraftView, draftId: string): string {
  return templateId
    ? `/templates/${publicId("tpl", templateId)}/edit?draft=${draftId}`
    : `/templates/new?draft=${draftId}`;
}

function refusalText({ detail }: NonNullable<DraftView["refusal"]>, t: Translator<"templates">): string {
  return detail ? t("drafts.refused", { detail: detail.replace(/\.+$/, "") }) : t("drafts.unreachable");
}
