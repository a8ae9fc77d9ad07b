import { lookup } from "node:dns/promises";
import type { IncomingMessage } from "node:http";
import { request as httpsRequest, type RequestOptions } from "node:https";
import { isIP } from "node:net";
import { isPublicAddress } from "./public-address";

/** Why an address that somebody typed was not fetched, or what was wrong with the answer. */
export type FetchRefusal =
  | "address_refused"
  | "unresolved"
  | "unreachable"
  | "timeout"
  | "redirected"
  | "content_type"
  | "too_large";

export type Fetched =
  | { kind: "answered"; status: number; contentType: string; body: Buffer }
  | { kind: "refused"; reason: FetchRefusal };

export interface FetchWish {
  /** `HEAD` asks only whether it answers; then the type is not looked at. */
  method?: "GET" | "HEAD";
  /** Media types that may come back, without parameters: `image/png`. */
  contentTypes?: readonly string[];
  /** Bytes; never more than 16 MiB. */
  maxBytes?: number;
}

/** What the fetch stands on. Tests bring their own. */
export interface Internet {
  resolve(host: string): Promise<string[]>;
  request: (
    url: URL,
    options: RequestOptions,
    onAnswer: (answer: IncomingMessage) => void,
  ) => ReturnType<typeof httpsRequest>;
}

const LIMIT_MS = 5_000;
const LARGEST_BYTES = 16 * 1024 * 1024;

const internet: Internet = {
  resolve: async (host) => (await lookup(host, { all: true })).map(({ address }) => address),
  request: httpsRequest,
};

/**
 * Fetches an address that a person typed, and reaches nothing but the public internet with it (SSRF, compliance/design.md
 * 5): https on port 443, no name or password in the address, every resolved address public, connected to the very address
 * that was checked, no redirect followed, 5 s, 16 MiB, only the expected media types. Carries no cookie and no key.
 */
export async function safeFetch(address: string, wish: FetchWish = {}, net: Internet = internet): Promise<Fetched> {
  const url = plainUrl(address);
  if (!url) return refused("address_refused");
  const limit = AbortSignal.timeout(LIMIT_MS);
  try {
    const resolved = await addressesOf(url, net, limit);
    const [first] = resolved;
    if (first === undefined) return refused("unresolved");
    if (!resolved.every(isPublicAddress)) return refused("address_refused");
    return await read(await send(url, { address: first, method: wish.method ?? "GET", limit }, net), wish);
  } catch {
    return refused(limit.aborted ? "timeout" : "unreachable");
  }
}

/** The rule on its own: may `address` be fetched when its host resolves to these? A host that is an address is itself. */
export function mayFetch(address: string, resolvesTo: readonly string[]): boolean {
  const url = plainUrl(address);
  if (!url) return false;
  const literal = literalAddress(url);
  const addresses = literal === undefined ? resolvesTo : [literal];
  return addresses.length > 0 && addresses.every(isPublicAddress);
}

/** The address read as browsers read it: hosts and numeric addresses in their one form, port 443 as none. */
function plainUrl(address: string): URL | undefined {
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  const isPlain = url.protocol === "https:" && url.port === "" && url.username === "" && url.password === "";
  return isPlain ? url : undefined;
}

function literalAddress({ hostname }: URL): string | undefined {
  const bare = hostname.replace(/^\[|\]$/g, "");
  return isIP(bare) === 0 ? undefined : bare;
}

async function addressesOf(url: URL, net: Internet, limit: AbortSignal): Promise<readonly string[]> {
  const literal = literalAddress(url);
  if (literal !== undefined) return [literal];
  const overdue = new Promise<never>((_, reject) => {
    limit.addEventListener("abort", () => reject(limit.reason), { once: true });
  });
  const found = net.resolve(url.hostname).catch(() => []); // a name that nobody knows
  return Promise.race([found, overdue]);
}

/** Asks the host at the checked address: a second look-up could answer another one. The certificate is still the host's. */
function send(
  url: URL,
  { address, method, limit }: { address: string; method: "GET" | "HEAD"; limit: AbortSignal },
  net: Internet,
): Promise<IncomingMessage> {
  const family = isIP(address);
  const lookupChecked: RequestOptions["lookup"] = (_host, options, done) => {
    if (options.all) done(null, [{ address, family }]);
    else done(null, address, family);
  };
  return new Promise((resolve, reject) => {
    const options = { method, lookup: lookupChecked, agent: false, signal: limit, headers: { accept: "*/*" } } as const;
    net.request(url, options, resolve).on("error", reject).end();
  });
}

async function read(answer: IncomingMessage, wish: FetchWish): Promise<Fetched> {
  const { contentTypes, method, maxBytes = LARGEST_BYTES } = wish;
  const status = answer.statusCode ?? 0;
  const contentType = (answer.headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
  try {
    if (status >= 300 && status < 400) return refused("redirected");
    if (method === "HEAD") return { kind: "answered", status, contentType, body: Buffer.alloc(0) };
    if (contentTypes && !contentTypes.includes(contentType)) return refused("content_type");
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > Math.min(maxBytes, LARGEST_BYTES)) return refused("too_large");
      chunks.push(chunk);
    }
    return { kind: "answered", status, contentType, body: Buffer.concat(chunks) };
  } finally {
    answer.destroy();
  }
}

function refused(reason: FetchRefusal): Fetched {
  return { kind: "refused", reason };
}
