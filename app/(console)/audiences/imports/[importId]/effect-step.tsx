import { currentFormats } from "@/app/_server/context";
import { getTranslator } from "@/app/_server/preferences";
import { Button, LinkButton } from "@/app/_ui/button";
import { ConfirmButton } from "@/app/_ui/overlays.client";
import { publicId } from "@/lib/foundation/ids";
import type { Context } from "@/lib/identity/context";
import { ROWS_WITHOUT_APPROVAL } from "@/lib/imports/import";
import type { ImportDetails } from "@/lib/imports/queries/get-import";
import { previewImport } from "@/lib/imports/queries/preview-import";
import { cancel, start } from "../actions";
import { ImportSteps } from "../import-steps";
import { Effect } from "./effect";
import { RunButton } from "./run-button.client";

/** The effect, and the button that lets it happen: at once, or after compliance has said yes. */
export async function EffectStep({ ctx, job }: { ctx: Context; job: ImportDetails }) {
  const [preview, formats, t] = await Promise.all([
    previewImport(ctx, { importId: job.importId }),
    currentFormats(),
    getTranslator("imports"),
  ]);
  const importId = publicId("imp", job.importId);
  const needsApproval = job.rowsTotal > ROWS_WITHOUT_APPROVAL;
  const rows = { count: job.rowsTotal, countText: formats.integer(job.rowsTotal) };
  const label = t(needsApproval ? "effect.request" : "effect.start", rows);
  const blocked = blockOf();
  function blockOf(): string | undefined {
    if (preview.problems.length > 0) return t("effect.blockedColumns");
    return preview.counts.contacts === 0 ? t("effect.blockedNobody") : undefined;
  }
  return (
    <ImportSteps
      current="effect"
      wrong={preview.problems.length > 0 ? "columns" : undefined}
      hrefs={{ columns: "?step=columns" }}
      summaries={{ file: t("steps.rows", rows) }}
    >
      <Effect ctx={ctx} job={job} preview={preview} />
      <div className="grid gap-3 border-t border-line py-5">
        {needsApproval && (
          <p className="max-w-measure text-muted">
            {t("effect.approvalNote", { limitText: formats.integer(ROWS_WITHOUT_APPROVAL) })}
          </p>
        )}
        <div className="flex flex-wrap items-start gap-3">
          {blocked === undefined ? (
            <RunButton
              look="primary"
              label={label}
              pendingLabel={t("effect.starting")}
              action={start.bind(null, { importId })}
            />
          ) : (
            <Button look="primary" blocked={{ reason: blocked, fixHref: "?step=columns" }}>
              {label}
            </Button>
          )}
          <LinkButton href="?step=columns">{t("effect.back")}</LinkButton>
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
        </div>
        <p className="note">{t("safe")}</p>
      </div>
    </ImportSteps>
  );
}
