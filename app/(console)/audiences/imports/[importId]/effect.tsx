import { currentFormats } from "@/app/_server/context";
import { getTranslator } from "@/app/_server/preferences";
import { Banner } from "@/app/_ui/banner";
import { Answer, Section } from "@/app/_ui/page";
import { listPurposes } from "@/lib/consent/queries/list-purposes";
import type { Context } from "@/lib/identity/context";
import type { ImportDetails } from "@/lib/imports/queries/get-import";
import type { ImportPreview } from "@/lib/imports/queries/preview-import";
import { Counts } from "./counts";
import { RejectedTable } from "./rejected-table";

/** What the import would do, were it run now: the very plan that running it writes. */
export async function Effect({ ctx, job, preview }: { ctx: Context; job: ImportDetails; preview: ImportPreview }) {
  const [purposes, formats, t] = await Promise.all([listPurposes(ctx), currentFormats(), getTranslator("imports")]);
  const purpose = purposes.find(({ id }) => id === job.purposeId)?.name ?? "";
  const { counts, isWhole, rejected } = preview;
  const { integer } = formats;
  return (
    <>
      <Answer
        as="h2"
        tight
        sub={t("effect.sub", { count: counts.consent.granted, countText: integer(counts.consent.granted), purpose })}
      >
        {t("effect.answer", {
          created: counts.created,
          createdText: integer(counts.created),
          updated: counts.updated,
          updatedText: integer(counts.updated),
          rejected: counts.rejected,
          rejectedText: integer(counts.rejected),
        })}
      </Answer>
      {!isWhole && (
        <Banner tone="info">
          {t("effect.partial", { readText: integer(counts.rows), totalText: integer(job.rowsTotal) })}
        </Banner>
      )}
      <Counts counts={counts} purpose={purpose} />
      {rejected.length > 0 && (
        <Section
          title={t("rejected.title")}
          note={t("rejected.note", {
            count: counts.rejected,
            shownText: integer(rejected.length),
            countText: integer(counts.rejected),
          })}
        >
          <RejectedTable rows={rejected} />
        </Section>
      )}
    </>
  );
}
