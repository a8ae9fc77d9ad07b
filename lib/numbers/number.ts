import * as z from "zod";

const metaId = z.string().trim().regex(/^\d+$/).max(32);
const optionalMetaId = z.union([z.literal("").transform(() => undefined), metaId]).optional();
const apiVersion = z
  .string()
  .trim()
  .regex(/^v\d+\.\d+$/);
const address = z
  .url({ protocol: /^https?$/ })
  .max(300)
  .transform((text) => text.replace(/\/+$/, ""));

/** What it takes to send from a number of a WABA: copied from Meta's app, or given by the sandbox. */
export const ConnectNumberInput = z.object({
  brandId: z.uuid(),
  wabaId: z.string().regex(/^\d+$/),
  phoneNumberId: z.string().regex(/^\d+$/),
  displayNumber: z.string().min(3).max(40),
  verifiedName: z.string().min(1).max(200),
  baseUrl: z.url({ protocol: /^https?$/ }),
  apiVersion: z.string().regex(/^v\d+\.\d+$/),
  token: z.string().min(1).max(1_000),
  appSecret: z.string().min(1).max(200),
  /** What Meta repeats when it verifies the webhook address. */
  verifyToken: z.string().min(8).max(200),
  messagesPerSecond: z.int().min(1).max(1_000),
  appId: metaId.optional(),
  /** The business portfolio, which shares one messaging limit. */
  portfolioId: metaId.optional(),
});
export type ConnectNumberInput = z.infer<typeof ConnectNumberInput>;

/** What a person pastes from Meta's app to connect a number; the rest is read from Meta. */
export const PasteNumberInput = z.object({
  brandId: z.uuid(),
  wabaId: metaId,
  phoneNumberId: metaId,
  appId: metaId,
  portfolioId: optionalMetaId,
  token: z.string().trim().min(1).max(1_000),
  appSecret: z.string().trim().min(1).max(200),
  baseUrl: address,
  apiVersion,
});
export type PasteNumberInput = z.infer<typeof PasteNumberInput>;

export const NumberChoice = z.object({ numberId: z.uuid() });
export type NumberChoice = z.infer<typeof NumberChoice>;

/** How a number sends, and where. */
export const NumberSettingsInput = NumberChoice.extend({
  endpoint: z.enum(["messages", "marketing_messages"]),
  productPolicy: z.enum(["CLOUD_API_FALLBACK", "STRICT"]),
  apiVersion,
  baseUrl: address,
  appId: optionalMetaId,
  portfolioId: optionalMetaId,
  /** The number is also used in the phone's app: Meta then allows 20 messages a second. */
  isCoexistence: z.union([z.literal("on").transform(() => true), z.boolean()]).default(false),
});
export type NumberSettingsInput = z.infer<typeof NumberSettingsInput>;

/** A new token; the app secret only where it changed too. */
export const RenewTokenInput = NumberChoice.extend({
  token: z.string().trim().min(1).max(1_000),
  appSecret: z
    .string()
    .trim()
    .max(200)
    .transform((text) => text || undefined)
    .optional(),
});
export type RenewTokenInput = z.infer<typeof RenewTokenInput>;

/** Meta's API is spoken to over https only, and a sandbox of ours over http: an address says which of both it is. */
export function isSandboxAddress(baseUrl: string): boolean {
  return new URL(baseUrl).protocol === "http:";
}

/** Opens the sending side of a number; never logged, never shown. */
export interface NumberCredentials {
  numberId: string;
  wabaId: string;
  phoneNumberId: string;
  baseUrl: string;
  apiVersion: string;
  token: string;
  endpoint: "messages" | "marketing_messages";
  productPolicy: "CLOUD_API_FALLBACK" | "STRICT";
}

/** Where a sealed secret of a number belongs, as additional authenticated data. */
export function secretPlace(column: "token" | "app_secret", numberId: string): string {
  return `phone_numbers|${column}|${numberId}`;
}
