/** What a message asks for: argument names with their kind (`text`, `plural`, `select`, …) and the names of its tags. */
export interface MessageShape {
  arguments: ReadonlyMap<string, string>;
  tags: ReadonlySet<string>;
  /** `#` inside a plural: a number that would be written without the region's format. */
  hasHash: boolean;
}

/**
 * Reads the arguments of an ICU message without formatting it, so that two languages can be compared. It trusts that
 * the message parses (use-intl says whether it does) and follows ICU's quoting: `''` is an apostrophe, `'{…'` is text.
 */
export function messageShape(message: string): MessageShape {
  const found = { arguments: new Map<string, string>(), tags: new Set<string>(), hasHash: false };
  readText(withoutQuotes(message), found, false);
  return found;
}

function withoutQuotes(message: string): string {
  return message.replace(/''/g, "\u2019").replace(/'[{}<>#][^']*(?:'|$)/g, "");
}

interface Found {
  arguments: Map<string, string>;
  tags: Set<string>;
  hasHash: boolean;
}

function readText(text: string, found: Found, isInPlural: boolean) {
  for (const [, name] of text.matchAll(/<\/?([a-zA-Z]+)\s*\/?>/g)) if (name) found.tags.add(name);
  let outside = "";
  for (let at = 0; at < text.length; ) {
    if (text[at] !== "{") {
      outside += text[at++];
      continue;
    }
    const end = closingBrace(text, at);
    readArgument(text.slice(at + 1, end), found);
    at = end + 1;
  }
  if (isInPlural && outside.includes("#")) found.hasHash = true;
}

function readArgument(inner: string, found: Found) {
  const [name = "", kind = "text", ...rest] = splitThrice(inner);
  found.arguments.set(name.trim(), kind.trim());
  const branches = rest.join(",");
  for (let open = branches.indexOf("{"); open >= 0; ) {
    const end = closingBrace(branches, open);
    readText(branches.slice(open + 1, end), found, kind.trim().startsWith("plural") || kind.trim() === "selectordinal");
    open = branches.indexOf("{", end);
  }
}

/** Name, kind and everything after the second comma. */
function splitThrice(inner: string): string[] {
  const first = inner.indexOf(",");
  if (first < 0) return [inner];
  const second = inner.indexOf(",", first + 1);
  if (second < 0) return [inner.slice(0, first), inner.slice(first + 1)];
  return [inner.slice(0, first), inner.slice(first + 1, second), inner.slice(second + 1)];
}

function closingBrace(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if (text[at] === "{") depth++;
    if (text[at] === "}" && --depth === 0) return at;
  }
  return text.length;
}
