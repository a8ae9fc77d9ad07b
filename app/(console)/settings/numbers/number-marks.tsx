import { getTranslator } from "@/app/_server/preferences";
import { StatusBadge } from "@/app/_ui/badge";
import type { Formats } from "@/lib/i18n/formats";
import { peopleAllowed } from "@/lib/numbers/limits";
import type { NumberView } from "@/lib/numbers/queries/list-numbers";
import { qualityOf, qualityTones, stateOf, stateTones } from "./number-state";

export async function StateBadge({ number }: { number: NumberView }) {
  const t = await getTranslator("numbers");
  const state = stateOf(number);
  return <StatusBadge tone={stateTones[state]}>{t(`state.${state}`)}</StatusBadge>;
}

export async function QualityBadge({ rating }: { rating: string }) {
  const t = await getTranslator("numbers");
  const quality = qualityOf(rating);
  return <StatusBadge tone={qualityTones[quality]}>{t(`quality.${quality}`)}</StatusBadge>;
}

/** People in 24 h: how many of them are used, where that is counted. */
export async function LimitText({
  number: { messagingLimit, peopleUsed },
  formats,
}: {
  number: NumberView;
  formats: Formats;
}) {
  const t = await getTranslator("numbers");
  const allowed = peopleAllowed(messagingLimit);
  if (allowed === undefined) return t("limit.unlimited");
  const people = t("limit.people", { people: formats.integer(allowed) });
  return peopleUsed === null ? people : t("limit.used", { used: formats.integer(peopleUsed), people });
}
