import { currentFormats } from "@/app/_server/context";
import { getTranslator } from "@/app/_server/preferences";
import { KeyValue } from "@/app/_ui/page";
import { HashChip, TimeText } from "@/app/_ui/text";
import type { Context } from "@/lib/identity/context";
import type { ImportDetails } from "@/lib/imports/queries/get-import";
import { getImportPeople } from "@/lib/imports/queries/get-import-people";

/** Which file this is, whose, and since when; the hash is what an approval binds to. */
export async function ImportFacts({ ctx, job }: { ctx: Context; job: ImportDetails }) {
  const [people, formats, t] = await Promise.all([
    getImportPeople(ctx, { importId: job.importId }),
    currentFormats(),
    getTranslator("imports"),
  ]);
  const decided = people.decidedBy && job.decidedAt;
  return (
    <KeyValue
      left
      rows={[
        { label: t("facts.file"), value: <span className="break-all">{job.fileName}</span> },
        { label: t("facts.rows"), value: formats.integer(job.rowsTotal) },
        { label: t("facts.country"), value: formats.country(job.mapping.country) },
        { label: t("facts.uploadedBy"), value: people.uploadedBy ?? t("facts.terminal") },
        { label: t("facts.uploadedAt"), value: <TimeText at={job.createdAt} formats={formats} /> },
        ...(decided ? [{ label: t("facts.decidedBy"), value: people.decidedBy }] : []),
        { label: t("facts.hash"), value: <HashChip hash={job.fileSha256} name={t("facts.hash")} /> },
      ]}
    />
  );
}
