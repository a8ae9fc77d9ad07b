import { createHash, randomBytes } from "node:crypto";

const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const SECRET_BYTES = 32;
const SECRET_CHARACTERS = 43; // ceil(256 / log2(62))
const PUBLIC_PART_CHARACTERS = 12;

/** A secret for a cookie or a link: 32 random bytes, 43 characters that are safe in a URL. */
export function newToken(): string {
  return randomBytes(SECRET_BYTES).toString("base64url");
}

/** What the database keeps of a token. A plain hash is enough: the token has 256 random bits. */
export function hashToken(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

/** An API key in its parts: `wk_<environment>_<publicPart>_<secret>`. */
export interface ApiKeyToken {
  environment: string;
  publicPart: string;
  secret: string;
}

export function newApiKeyToken(environment: "sandbox" | "live"): ApiKeyToken {
  return {
    environment,
    publicPart: base62(randomBytes(9)).slice(-PUBLIC_PART_CHARACTERS),
    secret: base62(randomBytes(SECRET_BYTES)),
  };
}

export function writeApiKeyToken({ environment, publicPart, secret }: ApiKeyToken): string {
  return `wk_${environment}_${publicPart}_${secret}`;
}

const API_KEY = new RegExp(
  `^wk_(sandbox|live)_([0-9A-Za-z]{${PUBLIC_PART_CHARACTERS}})_([0-9A-Za-z]{${SECRET_CHARACTERS}})$`,
);

/** The parts of a key that somebody presented, or undefined when it cannot be one. */
export function readApiKeyToken(text: string): ApiKeyToken | undefined {
  const [, environment, publicPart, secret] = API_KEY.exec(text) ?? [];
  if (environment === undefined || publicPart === undefined || secret === undefined) return undefined;
  return { environment, publicPart, secret };
}

/** The bytes as one number in base 62, padded to the length that the largest value of that many bytes needs. */
function base62(bytes: Buffer): string {
  const length = Math.ceil((bytes.length * 8) / Math.log2(62));
  let rest = BigInt(`0x${bytes.toString("hex")}`);
  let text = "";
  for (let i = 0; i < length; i++) {
    text = BASE62.charAt(Number(rest % 62n)) + text;
    rest /= 62n;
  }
  return text;
}
