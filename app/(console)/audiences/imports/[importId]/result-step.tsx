import { Download } from "lucide-react";
import { currentFormats } from "@/app/_server/context";
import { getTranslator } from "@/app/_server/preferences";
import { Banner, Callout } from "@/app/_ui/banner";
import { buttonClass, LinkButton } from "@/app/_ui/button";
import { Answer, Panel, Section } from "@/app/_ui/page";
import { listPurposes } from "@/lib/consent/queries/list-purposes";
import { isAppError } from "@/lib/foundation/errors";
import { publicId } from "@/lib/foundation/ids";
import type { Translator } from "@/lib/i18n/translator";
import { may } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import type { ImportDetails } from "@/lib/imports/queries/get-import";
import { listRejections } from "@/lib/imports/queries/list-rejections";
import { ImportSteps } from "../import-steps";
import { Counts } from "./counts";
import { ImportFacts } from "./import-facts";
import { RejectedTable } from "./rejected-table";

const SHOWN = 20;

/** How an import ended: what it did, what it did not take, and the file to mend that with. */
export async function ResultStep({ ctx, job }: { ctx: Context; job: ImportDetails }) {
  const [purposes, formats, t] = await Promise.all([listPurposes(ctx), currentFormats(), getTranslator("imports")]);
  const purpose = purposes.find(({ id }) => id === job.purposeId)?.name ?? "";
  const { counts, status, error } = job;
  const { integer } = formats;
  const didSomething = counts.rows > 0;
  return (
    <ImportSteps current="result" wrong={status === "failed" ? "result" : undefined}>
      <Answer as="h2" tight sub={subOf(job, t, integer)}>
        {status === "completed" || didSomething
          ? t("result.answer", {
              created: counts.created,
              createdText: integer(counts.created),
              updated: counts.updated,
              updatedText: integer(counts.updated),
              granted: counts.consent.granted,
              grantedText: integer(counts.consent.granted),
            })
          : t("result.nothing")}
      </Answer>
      {error && (
        <Banner tone="bad">
          {t("result.failed", { committedText: integer(counts.contacts), row: rowOf(error.params) })}
        </Banner>
      )}
      {didSomething && <Counts counts={counts} purpose={purpose} />}
      {counts.rejected > 0 && <Rejected ctx={ctx} job={job} />}
      <Section title={t("facts.title")}>
        <ImportFacts ctx={ctx} job={job} />
      </Section>
      <div className="flex flex-wrap gap-3 border-t border-line py-5">
        <LinkButton href="/audiences" look="primary">
          {t("result.toAudience")}
        </LinkButton>
        {may(ctx.actor, "contact.import") && (
          <LinkButton href="/audiences/imports/new">{t("result.another")}</LinkButton>
        )}
      </div>
    </ImportSteps>
  );
}

function subOf(
  { status, counts }: ImportDetails,
  t: Translator<"imports">,
  integer: (value: number) => string,
): string | undefined {
  if (status === "refused") return t("result.refused");
  if (status === "cancelled") return t("result.cancelled", { rows: counts.rows, rowsText: integer(counts.rows) });
  if (status === "failed") return undefined;
  return t("result.completed");
}

/** The row at which the file stopped making sense, `none` where that is not known. */
function rowOf(params: unknown): string {
  const row = typeof params === "object" && params !== null && "row" in params ? params.row : undefined;
  return typeof row === "number" ? String(row) : "none";
}

async function Rejected({ ctx, job }: { ctx: Context; job: ImportDetails }) {
  const [rows, formats, t] = await Promise.all([rejections(ctx, job), currentFormats(), getTranslator("imports")]);
  const { integer } = formats;
  const title = t("rejected.title");
  if (!rows) {
    return (
      <Section title={title}>
        <Callout tone="idle">{t("rejected.gone")}</Callout>
      </Section>
    );
  }
  return (
    <Section
      title={title}
      note={t("rejected.note", {
        count: job.counts.rejected,
        shownText: integer(rows.length),
        countText: integer(job.counts.rejected),
      })}
    >
      <RejectedTable rows={rows} />
      <div className="mt-5 max-w-measure">
        <Panel>
          <p>{t("rejected.fileText", { countText: integer(job.counts.rejected) })}</p>
          <a
            className={buttonClass({}, "mt-3")}
            href={`/api/imports/${publicId("imp", job.importId)}/rejected`}
            download
          >
            <Download aria-hidden />
            {t("rejected.download")}
          </a>
        </Panel>
      </div>
    </Section>
  );
}

/** Undefined once file and rejected rows were deleted, a week after the import. */
async function rejections(ctx: Context, { importId }: ImportDetails) {
  try {
    return await listRejections(ctx, { importId, limit: SHOWN });
  } catch (error) {
    if (isAppError(error) && error.code === "not_found") return undefined;
    throw error;
  }
}
