/** A stretch of a message: plain text or one of WhatsApp's four marks around more of them; `variable` is `{{name}}`. */
export type Mark =
  | { kind: "text"; text: string }
  | { kind: "variable"; text: string }
  | { kind: "mono"; text: string }
  | { kind: "bold" | "italic" | "strike"; parts: Mark[] };

const KINDS = { "*": "bold", _: "italic", "~": "strike" } as const;
// A mark opens at a word's start, closes at a word's end, and never spans lines; ``` holds its text as it is.
const MARKED = /```([^`]+)```|\{\{([^{}]+)\}\}|(?<![\p{L}\p{N}])([*_~])(?=\S)([^\n]*?\S)\3(?![\p{L}\p{N}])/u;

/** Reads WhatsApp's marks (`*bold*`, `_italic_`, `~struck~`, ```mono```) the way the phone does. */
export function parseMarks(text: string): Mark[] {
  const found = MARKED.exec(text);
  if (!found) return text ? [{ kind: "text", text }] : [];
  const [all, mono, variable, sign, inner] = found;
  const before = text.slice(0, found.index);
  return [
    ...(before ? [{ kind: "text" as const, text: before }] : []),
    markOf({ mono, variable, sign, inner }),
    ...parseMarks(text.slice(found.index + all.length)),
  ];
}

function markOf(found: { mono?: string; variable?: string; sign?: string; inner?: string }): Mark {
  if (found.mono !== undefined) return { kind: "mono", text: found.mono };
  if (found.variable !== undefined) return { kind: "variable", text: found.variable.trim() };
  const sign = found.sign === "*" || found.sign === "_" ? found.sign : "~";
  return { kind: KINDS[sign], parts: parseMarks(found.inner ?? "") };
}
