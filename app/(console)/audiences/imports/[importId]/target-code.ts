import type { ColumnMapping } from "@/lib/imports/mapping";

/** A guess at least so sure needs nobody's eye. */
export const SURE = 0.9;
/** Below this a guess is little more than a hint. */
export const PROBABLE = 0.6;

/** Everything a column may become, in groups, written as the mapping's overrides write it. */
export const targetGroups = {
  person: [
    "phone",
    "calling_code",
    "full_name",
    "first_name",
    "middle_name",
    "last_name",
    "email",
    "external_id",
    "country",
    "language",
    "time_zone",
  ],
  consent: [
    "consent:whatsapp:accepts",
    "consent:whatsapp:switched",
    "consent:whatsapp:left",
    "consent:unnamed:accepts",
    "consent:unnamed:switched",
    "consent:unnamed:left",
    "consent:other:accepts",
    "consent:other:switched",
    "consent:other:left",
    "consent_at",
    "wording_version",
    "source_system",
    "evidence_hash",
    "attester",
  ],
  attribute: ["attribute:text", "attribute:number", "attribute:boolean", "attribute:date"],
  nothing: ["ignore"],
} as const;

export const targetGroupNames = [
  "person",
  "consent",
  "attribute",
  "nothing",
] as const satisfies readonly (keyof typeof targetGroups)[];
export type TargetCode = (typeof targetGroups)[keyof typeof targetGroups][number];

const everyCode: readonly TargetCode[] = targetGroupNames.flatMap((name) => [...targetGroups[name]]);

/** The code of what a column is now. */
export function targetCode({ target, attribute, consent }: ColumnMapping): TargetCode {
  const text = consent
    ? `consent:${consent.channel}:${consent.reading}`
    : attribute
      ? `attribute:${attribute.type}`
      : target;
  return everyCode.find((code) => code === text) ?? "ignore";
}

/** A code as a key of the catalogue, where colons are none. */
export function targetKey<Code extends TargetCode>(code: Code) {
  type Key<Text extends string> = Text extends `${infer Head}:${infer Rest}` ? `${Head}_${Key<Rest>}` : Text;
  return code.replaceAll(":", "_") as Key<Code>; // says in types what the line does
}
