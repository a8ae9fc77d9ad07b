import { currentFormats } from "@/app/_server/context";
import { getTranslator } from "@/app/_server/preferences";
import { Callout } from "@/app/_ui/banner";
import { Button } from "@/app/_ui/button";
import { ConfirmButton } from "@/app/_ui/overlays.client";
import { KeyValue, Panel, Section } from "@/app/_ui/page";
import { publicId } from "@/lib/foundation/ids";
import { may } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import type { ImportDetails } from "@/lib/imports/queries/get-import";
import { getImportPeople } from "@/lib/imports/queries/get-import-people";
import { previewForDecision } from "@/lib/imports/queries/preview-for-decision";
import { approve, cancel, refuse } from "../actions";
import { ImportSteps } from "../import-steps";
import { Effect } from "./effect";
import { ImportFacts } from "./import-facts";
import { targetCode, targetKey } from "./target-code";

/** What whoever decides has to see: the file, its effect, what its columns are taken for; and the decision itself. */
export async function ApprovalStep({ ctx, job }: { ctx: Context; job: ImportDetails }) {
  const [preview, t] = await Promise.all([
    previewForDecision(ctx, { importId: job.importId }),
    getTranslator("imports"),
  ]);
  return (
    <ImportSteps current="effect">
      {job.status === "awaiting_approval" && (
        <div className="mb-6">
          <Decision ctx={ctx} job={job} />
        </div>
      )}
      <Effect ctx={ctx} job={job} preview={preview} />
      <Section title={t("approval.columns")} note={t("approval.columnsNote")}>
        <KeyValue
          left
          rows={job.mapping.columns.map((column) => ({
            label: column.header,
            value: t(`columns.targets.${targetKey(targetCode(column))}`),
          }))}
        />
      </Section>
      <Section title={t("facts.title")}>
        <ImportFacts ctx={ctx} job={job} />
      </Section>
    </ImportSteps>
  );
}

async function Decision({ ctx, job }: { ctx: Context; job: ImportDetails }) {
  const [people, formats, t] = await Promise.all([
    getImportPeople(ctx, { importId: job.importId }),
    currentFormats(),
    getTranslator("imports"),
  ]);
  const importId = publicId("imp", job.importId);
  const rows = { count: job.rowsTotal, countText: formats.integer(job.rowsTotal) };
  const isOwn = ctx.actor.kind === "user" && ctx.actor.userId === job.createdBy;
  const names = formats.list(people.approvers);
  if (may(ctx.actor, "import.approve") && !isOwn) {
    return (
      <Panel title={t("approval.title", { name: people.uploadedBy ?? t("facts.terminal"), ...rows })}>
        <p className="max-w-measure">{t("approval.text")}</p>
        <div className="mt-4 flex flex-wrap gap-3">
          <ConfirmButton
            look="primary"
            label={t("approval.approve")}
            title={t("approval.approveTitle", rows)}
            confirmLabel={t("approval.approveConfirm", rows)}
            action={approve.bind(null, { importId })}
          >
            <p>{t("approval.approveText")}</p>
          </ConfirmButton>
          <ConfirmButton
            label={t("approval.refuse")}
            title={t("approval.refuseTitle")}
            confirmLabel={t("approval.refuse")}
            confirmLook="danger"
            action={refuse.bind(null, { importId })}
          >
            <p>{t("approval.refuseText")}</p>
          </ConfirmButton>
        </div>
      </Panel>
    );
  }
  return (
    <Panel title={t("approval.waiting")}>
      <Callout tone="info">
        {names === "" ? t("approval.nobody") : t("approval.who", { names })} {t("safe")}
      </Callout>
      <div className="mt-4 flex flex-wrap items-start gap-3">
        <Button blocked={{ reason: t(isOwn ? "approval.blockedOwn" : "approval.blockedRole") }}>
          {t("approval.approve")}
        </Button>
        {may(ctx.actor, "contact.import") && (
          <ConfirmButton
            look="quiet"
            label={t("cancel.label")}
            title={t("cancel.title")}
            confirmLabel={t("cancel.confirm")}
            confirmLook="danger"
            action={cancel.bind(null, { importId })}
          >
            <p>{t("cancel.text")}</p>
          </ConfirmButton>
        )}
      </div>
    </Panel>
  );
}
