import { NextRequest } from "next/server";
import { describe, expect, test } from "vitest";
import config from "@/next.config";
import { proxy, config as proxyConfig } from "@/proxy";

/** The headers that `next.config.ts` gives a path; later rules win, as in Next. */
async function configured(path: string): Promise<Headers> {
  const rules = (await config.headers?.()) ?? [];
  const headers = new Headers();
  for (const { source, headers: given } of rules) {
    const isMatch = source === "/:path*" || (source === "/api/:path*" && path.startsWith("/api/"));
    if (isMatch) for (const { key, value } of given) headers.set(key, value);
  }
  return headers;
}

const directives = (policy: string | null) =>
  Object.fromEntries(
    (policy ?? "").split("; ").map((directive) => {
      const [name = "", ...values] = directive.split(" ");
      return [name, values];
    }),
  );

describe("a page", () => {
  const visit = () => proxy(new NextRequest("https://console.example/campaigns?status=draft"));

  test("runs only scripts that carry the nonce of this very request, and is framed by nobody", () => {
    const [first, second] = [visit(), visit()].map(({ headers }) => directives(headers.get("content-security-policy")));
    const nonces = [first, second].map((policy) => policy?.["script-src"]?.[0]);
    expect(nonces[0]).toMatch(/^'nonce-[\w+/=]{24,}'$/);
    expect(nonces[0]).not.toBe(nonces[1]);
    expect(first).toMatchObject({
      "default-src": ["'self'"],
      "script-src": [nonces[0], "'strict-dynamic'"],
      "connect-src": ["'self'"],
      "object-src": ["'none'"],
      "base-uri": ["'none'"],
      "form-action": ["'self'"],
      "frame-ancestors": ["'none'"],
    });
    expect(first?.["style-src"]).not.toContain("'unsafe-inline'");
  });

  test("is kept by no cache", () => {
    expect(visit().headers.get("cache-control")).toBe("no-store");
  });

  test("passes through the proxy, whatever its address; only files that are the same for everybody do not", () => {
    const passes = (path: string) => proxyConfig.matcher.some(({ source }) => new RegExp(`^${source}$`).test(path));
    for (const path of [
      "/",
      "/sign-in",
      "/compliance/people/con_1",
      "/forms/a",
      "/settings.rsc",
      "/apis",
      "/_next/data/x.json",
    ])
      expect(passes(path), path).toBe(true);
    for (const path of ["/api/v1/consents", "/_next/static/a.js", "/icon.svg"]) expect(passes(path), path).toBe(false);
  });
});

test.each(["/campaigns", "/api/v1/consents"])(
  "%s: https for two years, no sniffing, no referrer, no device",
  async (path) => {
    const headers = await configured(path);
    expect(headers.get("strict-transport-security")).toBe("max-age=63072000; includeSubDomains");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("cross-origin-opener-policy")).toBe("same-origin");
    expect(headers.get("cross-origin-resource-policy")).toBe("same-origin");
    for (const device of ["camera", "geolocation", "microphone", "payment", "usb"])
      expect(headers.get("permissions-policy")).toContain(`${device}=()`);
  },
);

test("an answer of the API is no page and is kept by no cache", async () => {
  const headers = await configured("/api/consents/con_1");
  expect(headers.get("content-security-policy")).toBe("default-src 'none'; frame-ancestors 'none'");
  expect(headers.get("cache-control")).toBe("no-store");
});

test("only the console's own host may call its actions, and nothing says what serves it", () => {
  expect(config.poweredByHeader).toBe(false);
  expect(config.experimental?.serverActions?.allowedOrigins).toEqual([]);
});
