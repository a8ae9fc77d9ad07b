import { getTranslator } from "@/app/_server/preferences";
import { Section } from "@/app/_ui/page";
import { TimeText } from "@/app/_ui/text";
import { publicId } from "@/lib/foundation/ids";
import type { Formats } from "@/lib/i18n/formats";
import { grantOf } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import type { NumberView } from "@/lib/numbers/queries/list-numbers";
import { AskForm, ReleaseButton, StopForm } from "./stop-controls.client";

/** What stops the number, why, and who can let it go on; or the way to stop it. */
export async function Stops({ number, ctx, formats }: { number: NumberView; ctx: Context; formats: Formats }) {
  const t = await getTranslator("numbers");
  const releases = grantOf(ctx.actor, "kill_switch.release") !== undefined;
  const mayStop = grantOf(ctx.actor, "kill_switch.engage") !== undefined;
  const self = ctx.actor.kind === "user" ? ctx.actor.userId : "";
  if (number.stops.length === 0 && !mayStop) return null;
  return (
    <Section title={t("stops.title")} note={t(number.stops.length > 0 ? "stops.noteHeld" : "stops.noteFree")} id="stop">
      {number.stops.length === 0 ? (
        <StopForm numberId={publicId("num", number.id)} />
      ) : (
        <ul className="grid gap-6">
          {number.stops.map((one) => (
            <li key={one.id} className="grid gap-3 border-b border-line pb-5">
              <div className="max-w-measure">
                <b>
                  {one.cause
                    ? t("stops.bySelf")
                    : t("stops.byPerson", { name: one.engagedBy ?? "–", reason: one.reason })}
                </b>
                {one.cause && <p>{t(`stops.causes.${one.cause}`)}</p>}
                {one.level === "installation" && <p>{t("stops.installation")}</p>}
                <p className="note">
                  {t("stops.since")} <TimeText at={one.engagedAt} formats={formats} />
                </p>
                {one.release && (
                  <p className="mt-2">{t("stops.asked", { name: one.release.askedBy, reason: one.release.reason })}</p>
                )}
              </div>
              {releases && !one.release && <AskForm switchId={one.id} />}
              {releases && one.release && one.release.askedById !== self && <ReleaseButton switchId={one.id} />}
              {one.release?.askedById === self && <p className="note">{t("stops.waitOther")}</p>}
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
