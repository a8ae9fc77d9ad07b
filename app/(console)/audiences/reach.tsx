import { currentFormats } from "@/app/_server/context";
import { getTranslator } from "@/app/_server/preferences";
import { LinkButton } from "@/app/_ui/button";
import { Waterfall } from "@/app/_ui/flow-charts";
import { Answer, Section } from "@/app/_ui/page";
import { EmptyState } from "@/app/_ui/states";
import type { Context } from "@/lib/identity/context";
import { countSegment } from "@/lib/segments/queries/count-segment";
import { everybody } from "@/lib/segments/segment";
import { reasonKey } from "./segments/reasons";

/** Everybody we know, less those who may not be written to and why, is everybody we may write to now. */
export async function Reach({
  ctx,
  purpose,
  mayImport,
}: {
  ctx: Context;
  purpose: { id: string; name: string };
  mayImport: boolean;
}) {
  const [count, formats, t] = await Promise.all([
    countSegment(ctx, { rule: everybody, purposeId: purpose.id }),
    currentFormats(),
    getTranslator("audiences"),
  ]);
  const { integer } = formats;
  if (count.matches === 0) {
    return (
      <div className="py-8">
        <EmptyState
          title={t("empty.title")}
          steps={(["file", "evidence", "segment"] as const).map((step) => ({
            title: t(`empty.${step}`),
            text: t(`empty.${step}Text`),
          }))}
          actions={
            mayImport && (
              <LinkButton href="/audiences/imports/new" look="primary">
                {t("import")}
              </LinkButton>
            )
          }
        />
      </div>
    );
  }
  const known = { count: count.matches, countText: integer(count.matches) };
  const reachable = { count: count.reachable, countText: integer(count.reachable) };
  return (
    <>
      <Answer sub={t("reach.sub")}>
        {t("reach.answer", { ...reachable, totalText: known.countText, purpose: purpose.name })}
      </Answer>
      <Section title={t("reach.title")} note={t("reach.note")}>
        <Waterfall
          caption={t("reach.caption", { ...reachable, totalText: known.countText })}
          steps={[
            { kind: "total", label: t("reach.known"), ...known },
            ...count.reasons.map((one) => ({
              kind: "less" as const,
              label: t(`live.reasons.${reasonKey(one.reason)}`),
              count: one.count,
              countText: `−${integer(one.count)}`,
            })),
            { kind: "total", label: t("reach.reachable"), ...reachable },
          ]}
        />
      </Section>
    </>
  );
}
