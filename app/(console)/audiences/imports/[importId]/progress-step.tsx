import { getTranslator } from "@/app/_server/preferences";
import { ConfirmButton } from "@/app/_ui/overlays.client";
import { Section } from "@/app/_ui/page";
import { publicId } from "@/lib/foundation/ids";
import { may } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import type { ImportDetails } from "@/lib/imports/queries/get-import";
import { cancel } from "../actions";
import { ImportSteps } from "../import-steps";
import { ImportFacts } from "./import-facts";
import { LiveProgress } from "./live-progress.client";

/** How far the worker is. The page may be left or loaded anew: the state is the import's own. */
export async function ProgressStep({ ctx, job }: { ctx: Context; job: ImportDetails }) {
  const t = await getTranslator("imports");
  const importId = publicId("imp", job.importId);
  const { status, rowsTotal, rowsRead, counts } = job;
  return (
    <ImportSteps current="result">
      <LiveProgress initial={{ id: importId, status, rowsTotal, rowsRead, counts }} />
      {may(ctx.actor, "contact.import") && (
        <div className="mb-8">
          <ConfirmButton
            look="strong"
            label={t("stop.label")}
            title={t("stop.title")}
            confirmLabel={t("stop.label")}
            confirmLook="danger"
            action={cancel.bind(null, { importId })}
          >
            <p>{t("stop.text")}</p>
          </ConfirmButton>
        </div>
      )}
      <Section title={t("facts.title")}>
        <ImportFacts ctx={ctx} job={job} />
      </Section>
    </ImportSteps>
  );
}
