import type { ConsentSource } from "./consent";
import { normalise } from "./opt-out-detector";
import { readRefusal } from "./refusal";

/** What a message of a person holds that may be a yes. */
export interface Said {
  text?: string | undefined;
  /** What stands behind a tapped button or row. */
  payload?: string | undefined;
  /** The answers of a form in WhatsApp. */
  flow?: Readonly<Record<string, unknown>> | undefined;
  /** They came from an ad of ours. */
  cameFromAd: boolean;
}

/** What can be agreed to. Keys: `<brand id> <purpose key>`, `<brand id> <word>`, `<purpose id> <label>`. */
export interface AgreementTerms {
  purposes: ReadonlyMap<string, { purposeId: string; doubleOptIn: boolean }>;
  keywords: ReadonlyMap<string, { purpose: string; wording: string }>;
  wordings: ReadonlyMap<string, string>;
}

export interface Agreement {
  source: ConsentSource;
  /** Nothing: what was said is kept as evidence and agrees to nothing that we know. */
  purposeId: string | null;
  doubleOptIn: boolean;
  wordingVersionId: string | null;
}

const OPT_IN_PAYLOAD = /^OPT_IN:([a-z0-9_]{1,40})(?::(.{1,60}))?$/;

/**
 * What a message agrees to: a button or row `OPT_IN:<purpose key>[:<label of the text>]`, a form in WhatsApp whose answers hold
 * `opt_in` (a purpose key or a list of them; `wording`: the label of the text), or a word of the brand and nothing else. A
 * message that may be a refusal never agrees. Coming from an ad is evidence, and with one of our words an agreement.
 */
export function readAgreements(said: Said, brandId: string, terms: AgreementTerms): Agreement[] {
  if (readRefusal({ ...(said.payload ? { payload: said.payload } : {}), text: said.text ?? "" })) return [];
  const named = namedPurposes(said);
  if (named) return named.keys.map((key) => agreementTo(key, { ...named, brandId, terms }));
  const word = said.payload === undefined ? terms.keywords.get(`${brandId} ${normalise(said.text ?? "")}`) : undefined;
  const source = said.cameFromAd ? "ctwa_ad" : "keyword_in";
  if (word) {
    const doubleOptIn = [...terms.purposes.values()].some((one) => one.purposeId === word.purpose && one.doubleOptIn);
    return [{ source, purposeId: word.purpose, doubleOptIn, wordingVersionId: word.wording }];
  }
  return said.cameFromAd ? [{ source, purposeId: null, doubleOptIn: false, wordingVersionId: null }] : [];
}

interface Named {
  keys: string[];
  label: string | undefined;
  source: ConsentSource;
}

function namedPurposes({ payload, flow }: Said): Named | undefined {
  const [, key, label] = OPT_IN_PAYLOAD.exec(payload ?? "") ?? [];
  if (key) return { keys: [key], label, source: "whatsapp_button" };
  const asked = flow?.opt_in;
  const keys = (Array.isArray(asked) ? asked : [asked]).filter(
    (one): one is string => typeof one === "string" && one !== "",
  );
  if (keys.length === 0) return undefined;
  return { keys, label: typeof flow?.wording === "string" ? flow.wording : undefined, source: "whatsapp_flow" };
}

function agreementTo(
  key: string,
  { label, source, brandId, terms }: Named & { brandId: string; terms: AgreementTerms },
): Agreement {
  const purpose = terms.purposes.get(`${brandId} ${key}`);
  if (!purpose) return { source, purposeId: null, doubleOptIn: false, wordingVersionId: null };
  const wordingVersionId = (label && terms.wordings.get(`${purpose.purposeId} ${label}`)) || null;
  return { source, ...purpose, wordingVersionId };
}
