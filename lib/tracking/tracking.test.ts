import { expect, test } from "vitest";
import { newId } from "@/lib/foundation/ids";
import { decodeClickId, encodeClickId } from "./click-id";
import { clickVerdict } from "./click-verdict";
import { targetUrl } from "./target-url";

test("link previews, HEAD requests and scanners are no clicks; a phone's browser is", () => {
  const hit = (userAgent: string | null, method = "GET") => clickVerdict({ method, userAgent });
  expect(hit("WhatsApp/2.24.6 A")).toBe("preview");
  expect(hit("facebookexternalhit/1.1")).toBe("preview");
  expect(hit("curl/8.1")).toBe("scanner");
  expect(hit("Mozilla/5.0 (Linux; Android 14) Chrome/120 Mobile", "HEAD")).toBe("head");
  expect(hit(null)).toBe("no_user_agent");
  expect(hit("Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36")).toBe(
    "human",
  );
  expect(
    hit("Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 Version/17.4 Mobile Safari/604.1"),
  ).toBe("human");
});

test("the landing page keeps its own query, utm values and fragment", () => {
  const labels = { campaignId: "cmp_1", campaignName: "Vuelta al cole: Mañana", variant: "B", clickId: "c1" };
  const url = new URL(targetUrl("https://shop.example/p?x=1&utm_source=own#top", labels));
  expect(url.searchParams.get("x")).toBe("1");
  expect(url.searchParams.get("utm_source")).toBe("own");
  expect(url.searchParams.get("utm_campaign")).toBe("vuelta-al-cole-manana");
  expect(url.searchParams.get("utm_content")).toBe("B");
  expect(url.searchParams.get("wa_cid")).toBe("c1");
  expect(url.hash).toBe("#top");
});

test("a click id tells lane and click, and nothing that was not made here is one", () => {
  const clickId = newId();
  expect(decodeClickId(encodeClickId(63, clickId))).toEqual({ lane: 63, clickId });
  for (const text of ["", "x", "A".repeat(24), encodeClickId(64, clickId)]) expect(decodeClickId(text)).toBeUndefined();
});
