/** JSON as it is being taken apart. */
type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Numbers in [0, 1) that a seed repeats (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const odd: readonly Json[] = [
  null,
  true,
  0,
  -1,
  1e308,
  0.5,
  253_402_300_800,
  "",
  "\0",
  "\ud800",
  "NaN",
  "1763800000",
  "tomorrow",
  "💥",
  "constructor",
  "__proto__",
  "x".repeat(5_000),
  [],
  [[[]]],
  {},
  { toString: 1, length: -1 },
];

/** A status that stands beside the broken ones and must always be found again. */
export interface Neighbour {
  wamid: string;
  wabaId: string;
  phoneNumberId: string;
}

/**
 * A body made of real ones whose values, keys and lists were replaced, removed, repeated and retyped, with one good status
 * in an entry of its own. Still JSON: that bytes are broken is another matter.
 */
export function fuzzedBody(samples: readonly string[], random: () => number, neighbour: Neighbour): string {
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)];
  const entries: Json[] = [];
  for (let n = Math.ceil(random() * 3); n > 0; n--) {
    const { entry }: { entry: Json[] } = JSON.parse(pick(samples) ?? '{"entry":[]}');
    for (const one of entry) entries.push(broken(one, random, pick));
  }
  entries.splice(Math.floor(random() * (entries.length + 1)), 0, goodEntry(neighbour));
  return JSON.stringify({ object: "whatsapp_business_account", entry: entries });
}

function goodEntry({ wamid, wabaId, phoneNumberId }: Neighbour): Json {
  const value = {
    messaging_product: "whatsapp",
    metadata: { display_phone_number: "15550100100", phone_number_id: phoneNumberId },
    statuses: [{ id: wamid, status: "sent", timestamp: "1763800000", recipient_id: "15550100777" }],
  };
  return { id: wabaId, changes: [{ field: "messages", value }] };
}

type Pick = <T>(list: readonly T[]) => T | undefined;

/** One part in twelve of a value is changed, at any depth. */
function broken(value: Json, random: () => number, pick: Pick): Json {
  const dice = random();
  if (dice < 0.03) return pick(odd) ?? null;
  if (dice < 0.06) return retyped(value);
  if (Array.isArray(value)) {
    const parts = value.map((part) => broken(part, random, pick));
    if (random() < 0.1) parts.push(...parts);
    if (random() < 0.1) parts.unshift(pick(odd) ?? null);
    return parts;
  }
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).filter(() => random() > 0.02);
  if (random() < 0.05) fields.push([String(pick(["constructor", "messages", "statuses", "x", ""])), pick(odd) ?? null]);
  return Object.fromEntries(fields.map(([key, part]) => [key, broken(part, random, pick)]));
}

/** Numbers as text and back, one as a list and a list as one. */
function retyped(value: Json): Json {
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return /^\d+$/.test(value) ? Number(value) : [value];
  if (Array.isArray(value)) return value[0] ?? {};
  return [value];
}
