import { readCues } from "./opt-out-cues";
import {
  fillers,
  hedges,
  messageWords,
  misspellings,
  optOutKeywords,
  optOutPhrases,
  refusalPhrases,
} from "./opt-out-keywords";

/** `optout` withdraws at once; `review` pauses marketing until a person has read it; `none` changes nothing. */
export type OptOutReading = "optout" | "review" | "none";

/** Longer texts than this, in words, are read by a person before they withdraw: they say more than one thing. */
const MAX_OPT_OUT_WORDS = 25;
/** Words before a phrase in which a hedge counts. */
const HEDGE_REACH_WORDS = 3;
/** A single wrong letter is forgiven in keywords at least this long; shorter ones only a swap of two neighbours. */
const LONG_KEYWORD_LETTERS = 6;
const SHORT_KEYWORD_LETTERS = 4;

/**
 * Reads whether a person asks us to stop, in any language. `ownKeywords` are what the organisation added to ours.
 * Rules: compliance/design.md 1.5. Pure, and bounded by the length of the text.
 */
export function readOptOut(text: string, ownKeywords: readonly string[] = []): OptOutReading {
  const words = normalise(text);
  if (words === "") return "none";
  const own = ownKeywords.map(bare).filter((keyword) => keyword !== "");
  if (
    [bare(text), bare(shortened(text)), bare(lettered(text))].some(
      (command) => KEYWORDS.has(command) || own.includes(command),
    )
  ) {
    return "optout";
  }
  const asked = readPhrases(words);
  if (asked !== "none") return asked;
  if (REFUSALS.test(words) || keywordInASentence(text) || misspelt(bare(text))) return "review";
  return readCues(words, /[?¿؟]/u.test(text)) ?? "none";
}

/**
 * NFKC, lower case, no diacritics on Latin letters, apostrophes dropped, other punctuation and emoji as spaces, spaces
 * collapsed, letters that stand alone in a row joined ("s t o p").
 */
export function normalise(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll("ı", "i") // the Turkish dotless i
    .normalize("NFD")
    .replace(/(\p{Script=Latin})\p{M}+/gu, "$1")
    .normalize("NFC")
    .replace(/['’ʼ`´]/gu, "")
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, " ")
    .trim()
    .replace(/(?<![^ ])\p{L}(?: \p{L}){2,}(?![^ ])/gu, (letters) => letters.replaceAll(" ", ""));
}

const HARMLESS = new RegExp(`(?<![^ ])(?:${alternatives([...fillers, ...messageWords])})(?![^ ])`, "gu");

/** The text without fillers and without repetition: what is left of "STOP stop please" is "stop", of "opt out! opt out!" "opt out". */
function bare(text: string): string {
  const all = normalise(text).replace(HARMLESS, " ").split(" ").filter(Boolean);
  const words = all.filter((word, i) => word !== all[i - 1]);
  const isAllOf = (length: number) =>
    words.length % length === 0 && words.every((word, i) => word === words[i % length]);
  const once = words.findIndex((_, i) => isAllOf(i + 1)) + 1;
  return words.slice(0, once).join(" ");
}

/** Letters written three times or more, once: "stoooop". */
function shortened(text: string): string {
  return normalise(text).replace(/(\p{L})\1{2,}/gu, "$1");
}

/** Digits that stand for letters inside a word, as letters: "st0p". */
function lettered(text: string): string {
  return normalise(text).replace(/(?<=\p{L})[01345]|[01345](?=\p{L})/gu, (digit) => DIGITS[digit] ?? digit);
}

const DIGITS: Readonly<Record<string, string>> = { "0": "o", "1": "i", "3": "e", "4": "a", "5": "s" };

const KEYWORDS: ReadonlySet<string> = new Set(
  Object.values(optOutKeywords)
    .flat()
    .flatMap((keyword) => [normalise(keyword), bare(keyword)])
    .filter(Boolean),
);

const PHRASES = new RegExp(`(?<![^ ])(?:${optOutPhrases.join("|")})(?![^ ])`, "u");
const REFUSALS = new RegExp(`(?<![^ ])(?:${refusalPhrases.join("|")})(?![^ ])`, "u");
const HEDGES: ReadonlySet<string> = new Set(hedges.map(normalise));

function readPhrases(words: string): OptOutReading {
  const found = PHRASES.exec(words);
  if (!found) return "none";
  const before = words.slice(0, found.index).split(" ").filter(Boolean).slice(-HEDGE_REACH_WORDS);
  const hedged = before.some((word) => HEDGES.has(word));
  return hedged || words.split(" ").length > MAX_OPT_OUT_WORDS ? "review" : "optout";
}

/** "Stop. I told you already": a sentence of its own that is a keyword, among others. */
function keywordInASentence(text: string): boolean {
  const sentences = text.split(/[.!?,;:\n]+/u);
  return sentences.length > 1 && sentences.some((sentence) => KEYWORDS.has(bare(sentence)));
}

const MISSPELT: ReadonlySet<string> = new Set(misspellings.map(normalise));

function misspelt(command: string): boolean {
  if (MISSPELT.has(command)) return true;
  return [...KEYWORDS].some((keyword) =>
    keyword.length >= LONG_KEYWORD_LETTERS
      ? isOneEditAway(command, keyword)
      : keyword.length >= SHORT_KEYWORD_LETTERS && isSwap(command, keyword),
  );
}

/** One letter inserted, left out or replaced, or two neighbours swapped. */
function isOneEditAway(one: string, other: string): boolean {
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  if (long.length - short.length > 1) return false;
  let start = 0;
  while (start < short.length && short[start] === long[start]) start += 1;
  const rest = long.slice(start + 1);
  return (
    short.slice(start) === rest ||
    (one.length === other.length && short.slice(start + 1) === rest) ||
    isSwap(one, other)
  );
}

function isSwap(one: string, other: string): boolean {
  if (one.length !== other.length || one === other) return false;
  let at = 0;
  while (one[at] === other[at]) at += 1;
  return one[at] === other[at + 1] && one[at + 1] === other[at] && one.slice(at + 2) === other.slice(at + 2);
}

function alternatives(phrases: readonly string[]): string {
  return phrases
    .map(normalise)
    .sort((one, other) => other.length - one.length)
    .join("|");
}
