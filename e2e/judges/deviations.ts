import type { ErrorObject } from "ajv/dist/2020.js";

// Everything in which Meta's OpenAPI file (v23.0, November 2025) and this project differ on purpose, with the reason.
// What is not listed here must agree; what is listed and not needed any more fails a test.

interface SchemaDeviation {
  /** Of the value that the schema complains about. */
  at: RegExp;
  keyword: string;
  /** The value itself, where only some are meant. */
  value?: unknown;
  reason: string;
}

const schemaDeviations: SchemaDeviation[] = [
  {
    at: /^\/data\/\d+\/status$/,
    keyword: "enum",
    value: "CONNECTED",
    reason:
      "phone_numbers lists the states of a verification; a number in use is CONNECTED everywhere else, also in this file",
  },
];

const needed = new Set<object>();

/** Whether a complaint of the schema is one of those listed. */
export function isAllowed(error: ErrorObject): boolean {
  const found = schemaDeviations.find(
    ({ at, keyword, value }) =>
      at.test(error.instancePath) && keyword === error.keyword && (value === undefined || value === error.data),
  );
  if (found) needed.add(found);
  return found !== undefined;
}

/** Requests of the file that the sandbox refuses, with the code that it answers. */
export const refusedRequests: Record<string, { code: number; reason: string }> = {
  "Send Sample Issue Resolution Template": {
    code: 132012,
    reason: "quick replies with a boolean text are older than the payload they have now",
  },
};

/** Requests of the file that the product has no words for: it sends no such messages. */
export const unspokenRequests: Record<string, string> = {
  "Send Catalog Message": "catalogues and orders are not part of the product",
  "Send Catalog Template Message": "catalogues and orders are not part of the product",
  "Send Multi-Product Message": "catalogues and orders are not part of the product",
  "Send Single Product Message": "catalogues and orders are not part of the product",
  "Send Order Details Message": "catalogues and orders are not part of the product",
  "Send Order Status Message": "catalogues and orders are not part of the product",
  "Send Sample Issue Resolution Template": "quick replies with a boolean text are older than the payload they have now",
};

/** What the reader of webhooks leaves out; the body itself is kept as it came. `path` is that of a message. */
const unread: { path: RegExp; reason: string }[] = [
  { path: /^context\.from$/, reason: "whom the answered message came from is this number, or who writes" },
  { path: /^referral\.image_url$/, reason: "the picture of an advertisement lies behind an address that ends soon" },
  { path: /^contacts\.name\.(first|last)_name$/, reason: "a shared card is shown under its whole name" },
  { path: /^contacts\.org\./, reason: "a shared card is shown under its name" },
];

/** Templates of the file that are refused, by our rules and by the sandbox alike. */
export const refusedTemplates: Record<string, { problem: string; reason: string }> = {};

/** Whether the reader of webhooks leaves out what stands under this path of a message. */
export function isUnread(path: string): boolean {
  const found = unread.find((one) => one.path.test(path));
  if (found) needed.add(found);
  return found !== undefined;
}

/** The reasons of what nothing asked for so far. */
export function unneededDeviations(): string[] {
  return [...schemaDeviations, ...unread].filter((one) => !needed.has(one)).map(({ reason }) => reason);
}
