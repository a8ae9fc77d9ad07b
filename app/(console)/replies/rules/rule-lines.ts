import type { ReplyRules } from "@/lib/conversations/reply-class";

type ButtonRule = ReplyRules["buttons"][number];
type Names = readonly { value: ButtonRule["replyClass"]; name: string }[];

/** One phrase a line; empty lines and repetitions fall away. */
export function linesOf(text: string): string[] {
  const lines = text.split("\n").map((line) => line.trim());
  return [...new Set(lines.filter((line) => line !== ""))];
}

/** `label = class`, a line each, with the class in the reader's words. */
export function buttonLines(buttons: readonly ButtonRule[], names: Names): string {
  const nameOf = (wanted: string) => names.find(({ value }) => value === wanted)?.name ?? wanted;
  return buttons.map(({ payload, replyClass }) => `${payload} = ${nameOf(replyClass)}`).join("\n");
}

/** Reads such lines; the first that says no class is named. A label may itself hold the sign. */
export function readButtons(
  text: string,
  names: Names,
): { ok: true; rules: ButtonRule[] } | { ok: false; line: string } {
  const rules: ButtonRule[] = [];
  for (const line of linesOf(text)) {
    const at = line.lastIndexOf("=");
    const said = line
      .slice(at + 1)
      .trim()
      .toLowerCase();
    const payload = line.slice(0, Math.max(at, 0)).trim();
    const found = names.find(({ value, name }) => value === said || name.toLowerCase() === said);
    if (at < 0 || payload === "" || !found) return { ok: false, line };
    rules.push({ payload, replyClass: found.value });
  }
  return { ok: true, rules };
}
