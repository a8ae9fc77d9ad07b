import type { Formats } from "@/lib/i18n/formats";
import type { Translator } from "@/lib/i18n/translator";
import type { MessageProblem } from "@/lib/whatsapp/message-problem";

/** Why Meta would refuse a message, and in which part of it, for whoever wrote it. */
export function messageProblemText(
  { code, at, params }: MessageProblem,
  t: Translator<"templates">,
  formats: Formats,
): string {
  const texts = Object.entries(params).flatMap(([name, value]): [string, string][] =>
    typeof value === "number" ? [[`${name}Text`, formats.integer(value)]] : [[name, value]],
  );
  const sentence = t(`messageProblems.${code}`, {
    ...{ limitText: "", expectedText: "", sentText: "", positionText: "", field: "", expected: "" },
    ...Object.fromEntries(texts),
  });
  return at ? t("messageProblemAt", { part: t(`messageParts.${at}`), sentence }) : sentence;
}
