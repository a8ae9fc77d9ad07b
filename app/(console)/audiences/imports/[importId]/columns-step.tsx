import { currentFormats } from "@/app/_server/context";
import { getTranslator } from "@/app/_server/preferences";
import { Answer } from "@/app/_ui/page";
import { listWordingVersions } from "@/lib/consent/queries/list-wording-versions";
import { countries } from "@/lib/foundation/countries";
import { publicId } from "@/lib/foundation/ids";
import type { Context } from "@/lib/identity/context";
import { getColumnSamples } from "@/lib/imports/queries/get-column-samples";
import type { ImportDetails } from "@/lib/imports/queries/get-import";
import { ImportSteps } from "../import-steps";
import { MappingForm } from "./mapping-form.client";
import { SURE, targetCode } from "./target-code";

/** What each column is: guessed, with its first values beside it, and every guess may be corrected. */
export async function ColumnsStep({ ctx, job }: { ctx: Context; job: ImportDetails }) {
  const { importId, mapping, purposeId } = job;
  const [{ samples, problems }, wordings, formats, t] = await Promise.all([
    getColumnSamples(ctx, { importId }),
    purposeId ? listWordingVersions(ctx, { purposeId }) : [],
    currentFormats(),
    getTranslator("imports"),
  ]);
  const used = mapping.columns.filter(({ target }) => target !== "ignore");
  // A column of no known name becomes an attribute: that is the rule, not a doubt.
  const unsure = used.filter(({ confidence, target }) => confidence < SURE && target !== "attribute").length;
  const labels = [...new Set(wordings.filter(({ revokedAt }) => !revokedAt).map(({ label }) => label))];
  return (
    <ImportSteps
      current="columns"
      wrong={problems.length > 0 ? "columns" : undefined}
      summaries={{ file: t("steps.rows", { count: job.rowsTotal, countText: formats.integer(job.rowsTotal) }) }}
      hrefs={problems.length > 0 ? {} : { effect: "?step=effect" }}
    >
      <Answer as="h2" tight sub={t("columns.note")}>
        {t("columns.answer", {
          count: used.length,
          countText: formats.integer(used.length),
          totalText: formats.integer(mapping.columns.length),
          unsure,
          unsureText: formats.integer(unsure),
        })}
      </Answer>
      <MappingForm
        importId={publicId("imp", importId)}
        columns={mapping.columns.map((column, index) => ({
          key: `${index}`,
          header: column.header,
          code: targetCode(column),
          confidence: column.confidence,
          samples: samples[index] ?? [],
        }))}
        problems={problems}
        country={mapping.country}
        countries={countries
          .map((code) => ({ value: code, label: formats.country(code) }))
          .toSorted((one, other) => formats.compare(one.label, other.label))}
        everybody={mapping.everybody}
        declared={mapping.declared}
        wordings={labels}
      />
    </ImportSteps>
  );
}
