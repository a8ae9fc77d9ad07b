import * as z from "zod";
import { attributeTypes } from "@/lib/audience/contact";

/** What a column may become. `ignore` keeps nothing of it. */
export const columnTargets = [
  "ignore",
  "phone",
  "calling_code",
  "email",
  "external_id",
  "full_name",
  "first_name",
  "middle_name",
  "last_name",
  "country",
  "language",
  "time_zone",
  "attribute",
  "consent",
  "consent_at",
  "wording_version",
  "source_system",
  "evidence_hash",
  "attester",
] as const;
export type ColumnTarget = (typeof columnTargets)[number];

/** What a consent column is about. A claim about e-mail or SMS never becomes a consent for WhatsApp. */
export const consentChannels = ["whatsapp", "unnamed", "other"] as const;

/**
 * How to read its yes and no. `accepts`: no is absence. `switched`: no was a decision of the person, so a withdrawal.
 * `left`: yes is the withdrawal.
 */
export const consentReadings = ["accepts", "switched", "left"] as const;

const ColumnMapping = z.object({
  header: z.string(),
  target: z.enum(columnTargets),
  /** How sure the guess is, 0–1; 1 when a person said so. */
  confidence: z.number().min(0).max(1),
  /** Of several phone columns the lowest is asked first. */
  rank: z.number().int().default(0),
  dayFirst: z.boolean().default(true),
  decimalComma: z.boolean().default(false),
  attribute: z.object({ key: z.string().min(1).max(60), type: z.enum(attributeTypes) }).optional(),
  consent: z.object({ channel: z.enum(consentChannels), reading: z.enum(consentReadings) }).optional(),
});
export type ColumnMapping = z.infer<typeof ColumnMapping>;

/** What somebody declares for the whole file, for rows whose own cells are empty. */
const Declared = z.object({
  actAt: z.iso.datetime({ offset: true }).optional(),
  wordingVersion: z.string().min(1).optional(),
  sourceSystem: z.string().min(1).optional(),
  evidenceHash: z
    .string()
    .regex(/^[0-9a-f]{64}$/i)
    .optional(),
  attester: z.string().min(1).optional(),
});

export const ImportMapping = z.object({
  columns: z.array(ColumnMapping).min(1),
  /** For numbers without a country code, ISO 3166-1 alpha-2. */
  country: z.string().regex(/^[A-Z]{2}$/),
  /** For times without a zone. */
  timeZone: z.string(),
  /** Some exports say it by their name alone: a list of people who left, or who agreed to e-mail. */
  everybody: z.enum(["left", "other_channel"]).nullable().default(null),
  declared: Declared.default({}),
});
export type ImportMapping = z.infer<typeof ImportMapping>;

/** A person's corrections of a guess: by header, `phone`, `attribute:number`, `consent:whatsapp:accepts`, `ignore`. */
export const MappingOverrides = z.object({
  columns: z.record(z.string(), z.string()).default({}),
  country: ImportMapping.shape.country.optional(),
  timeZone: z.string().optional(),
  everybody: z.enum(["left", "other_channel"]).nullable().optional(),
  declared: Declared.optional(),
});
export type MappingOverrides = z.infer<typeof MappingOverrides>;

/** Why a mapping cannot be used: the column, and what is wrong with it. */
export interface MappingProblem {
  header: string | null;
  problem: "no_phone_column" | "unknown_column" | "unknown_target" | "identifies_people" | "attribute_twice";
}
