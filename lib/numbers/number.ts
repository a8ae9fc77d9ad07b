import * as z from "zod";

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
});
export type ConnectNumberInput = z.infer<typeof ConnectNumberInput>;

/** Opens the sending side of a number; never logged, never shown. */
export interface NumberCredentials {
  numberId: string;
  wabaId: string;
  phoneNumberId: string;
  baseUrl: string;
  apiVersion: string;
  token: string;
}

/** Where a sealed secret of a number belongs, as additional authenticated data. */
export function secretPlace(column: "token" | "app_secret", numberId: string): string {
  return `phone_numbers|${column}|${numberId}`;
}
