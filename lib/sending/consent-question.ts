import { type ParameterMapping, templateNeeds } from "@/lib/templates/parameters";
import { isQuickReply, readComponents } from "@/lib/whatsapp/components";

/** Answers of the double opt-in question, as a tap sends them back: `CONFIRM:<purpose id>` and `REFUSE:<purpose id>`. */
export function questionPayloads(components: unknown, purposeId: string): Record<string, string> | undefined {
  const replies = (readComponents(components)?.buttons ?? []).flatMap((button, index) =>
    isQuickReply(button) ? [index] : [],
  );
  const [confirm, refuse, ...others] = replies;
  if (confirm === undefined || refuse === undefined || others.length > 0) return undefined;
  return { [confirm]: `CONFIRM:${purposeId}`, [refuse]: `REFUSE:${purposeId}` };
}

/** The person's name wherever the template leaves a word open; undefined where it asks for more than words. */
export function questionParameters({
  components,
  language,
}: {
  components: unknown;
  language: string;
}): ParameterMapping | undefined {
  const needs = templateNeeds(components);
  const isSimple = needs && needs.unsupported.length === 0 && needs.linkButtons.length === 0 && !needs.hasCardLinks;
  if (!isSimple || needs.places.some((place) => needs.kinds[place] !== "text")) return undefined;
  const fallback = language.startsWith("es") ? "hola" : "hello";
  return Object.fromEntries(needs.places.map((place) => [place, { source: "name" as const, fallback }]));
}

const ANSWER = /^(CONFIRM|REFUSE):([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/;

export interface QuestionAnswer {
  type: "confirmed" | "denied";
  purposeId: string;
}

/** What a tapped button answers; undefined for every other payload. */
export function readQuestionAnswer(payload: string | undefined): QuestionAnswer | undefined {
  const [, answer, purposeId] = ANSWER.exec(payload ?? "") ?? [];
  if (!purposeId) return undefined;
  return { type: answer === "CONFIRM" ? "confirmed" : "denied", purposeId };
}
