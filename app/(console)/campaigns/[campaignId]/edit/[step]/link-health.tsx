import { Checklist } from "@/app/_ui/checklist";
import { variantKeys } from "@/lib/campaigns/campaign";
import type { LinkHealth as Health } from "@/lib/campaigns/link-health";
import { checkLinks } from "@/lib/campaigns/queries/check-links";
import type { BuilderView } from "./builder-view";

/** Whether the buttons' pages answer at this moment: a warning at most, and nothing where nobody is asked. */
export async function LinkHealth({ view }: { view: BuilderView }) {
  const { ctx, campaign, t, formats } = view;
  const links = (await checkLinks(ctx, { campaignId: campaign.id })).filter(
    ({ health }) => health.kind !== "not_asked",
  );
  if (links.length === 0) return null;
  return (
    <section className="mt-7" aria-labelledby="link-health">
      <h3 id="link-health" className="mb-1.5">
        {t("linkHealth.title")}
      </h3>
      <Checklist
        items={links.map(({ url, variants, health }) => ({
          id: url,
          status: health.kind === "answers" ? "pass" : "warn",
          title: formats.list(variantKeys.filter((key) => variants.includes(key))),
          value: <span className="break-all">{url}</span>,
          explanation: health.kind !== "answers" && explain(health),
        }))}
      />
    </section>
  );

  function explain(health: Health) {
    if (health.kind === "error") return t("linkHealth.error", { statusText: String(health.status) });
    return t("linkHealth.silent");
  }
}
