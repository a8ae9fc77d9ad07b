import { createHash } from "node:crypto";
import { afterEach, expect, test } from "vitest";
import type { CloudApi } from "./client";
import { answering, answeringInTurn, clientOf, closeServers, type SeenRequest } from "./testing/local-server";

afterEach(closeServers);

const start = new Date("2026-11-01T00:00:00Z");
const end = new Date("2026-11-08T00:00:00Z");
const period = { start, end };

/** Method, decoded address and JSON body, as Meta's documentation writes them. */
function asWritten({ method, url, body }: SeenRequest): string {
  return [method, decodeURIComponent(url.replace("/v25.0", "")), ...(body.length > 0 ? [String(body)] : [])].join(" ");
}

const NUMBER_FIELDS =
  "display_phone_number,verified_name,quality_rating,status,throughput,whatsapp_business_manager_messaging_limit,name_status,code_verification_status,platform_type,account_mode";

test.each<[string, (api: CloudApi) => Promise<unknown>]>([
  [
    'POST /8/messages {"messaging_product":"whatsapp","status":"read","message_id":"wamid.X","typing_indicator":{"type":"text"}}',
    (api) => api.markRead("8", "wamid.X", { isTyping: true }),
  ],
  [
    'POST /7 {"category":"UTILITY","message_send_ttl_seconds":3600}',
    (api) => api.editTemplate("7", { category: "UTILITY", message_send_ttl_seconds: 3600 }),
  ],
  ["DELETE /9/message_templates?name=sale a", (api) => api.deleteTemplate("9", "sale a")],
  ["DELETE /9/message_templates?name=a&hsm_id=7", (api) => api.deleteTemplate("9", "a", "7")],
  ["POST /7/unpause", (api) => api.unpauseTemplate("7")],
  [
    "POST /7?cta_url_link_tracking_opted_out=true&category=marketing",
    (api) => api.setLinkTracking("7", { isOn: false, category: "MARKETING" }),
  ],
  [
    'GET /7/compare?template_ids=["6"]&start=1793491200&end=1794096000',
    (api) => api.compareTemplates("7", "6", { days: 7, end }),
  ],
  [
    "GET /9/message_templates?fields=quality_score,status&limit=500",
    (api) => api.listTemplateFields("9", ["quality_score", "status"]),
  ],
  ["POST /9?is_enabled_for_insights=true", (api) => api.enableTemplateInsights("9")],
  [
    'GET /9/template_analytics?start=1793491200&end=1794096000&granularity=DAILY&template_ids=["7","6"]&metric_types=SENT,READ',
    (api) => api.templateAnalytics("9", { period, ids: ["7", "6"], metrics: ["SENT", "READ"] }),
  ],
  [
    'GET /9/template_analytics?start=2026-11-01&end=2026-11-08&use_waba_timezone=true&granularity=DAILY&template_ids=["7"]&metric_types=COST&product_type=MARKETING_MESSAGES_API_FOR_WHATSAPP',
    (api) =>
      api.templateAnalytics("9", {
        period: { startDay: "2026-11-01", endDay: "2026-11-08" },
        ids: ["7"],
        metrics: ["COST"],
        product: "MARKETING_MESSAGES_API_FOR_WHATSAPP",
      }),
  ],
  [
    'GET /9?fields=pricing_analytics.start(1793491200).end(1794096000).granularity(DAILY).country_codes(["ES"]).dimensions(["COUNTRY","TIER"])',
    (api) =>
      api.pricingAnalytics("9", {
        ...period,
        granularity: "DAILY",
        filters: { country_codes: ["ES"], dimensions: ["COUNTRY", "TIER"] },
      }),
  ],
  [
    "GET /9?fields=analytics.start(1793491200).end(1794096000).granularity(HALF_HOUR).product_types([0,2])",
    (api) => api.messagingAnalytics("9", { ...period, granularity: "HALF_HOUR", filters: { product_types: [0, 2] } }),
  ],
  [`GET /8?fields=${NUMBER_FIELDS}`, (api) => api.getPhoneNumber("8")],
  [`GET /9/phone_numbers?fields=id,${NUMBER_FIELDS}`, (api) => api.listPhoneNumbers("9")],
  [
    "GET /9?fields=id,name,currency,timezone_id,account_review_status,marketing_messages_lite_api_status",
    (api) => api.getWaba("9"),
  ],
  ["GET /9/subscribed_apps", (api) => api.listSubscribedApps("9")],
  ["POST /9/subscribed_apps", (api) => api.subscribeApp("9")],
  [
    'POST /9/subscribed_apps {"override_callback_uri":"https://shop.example.test/w","verify_token":"v"}',
    (api) => api.subscribeApp("9", { url: "https://shop.example.test/w", verifyToken: "v" }),
  ],
  ["DELETE /9/subscribed_apps", (api) => api.unsubscribeApp("9")],
  ["GET /9?fields=disable_marketing_messages_on_cloud_api", (api) => api.isMarketingOffOnCloudApi("9")],
  ['POST /9 {"disable_marketing_messages_on_cloud_api":true}', (api) => api.setMarketingOffOnCloudApi("9", true)],
  ["DELETE /8/contact_book?messaging_product=whatsapp&bsuid=ES.1", (api) => api.deleteFromContactBook("8", "ES.1")],
  ["GET /8/block_users", (api) => api.listBlockedUsers("8")],
  [
    'POST /8/block_users {"messaging_product":"whatsapp","block_users":[{"user":"+34600000001"},{"user_id":"ES.1"}]}',
    (api) => api.blockUsers("8", ["+34600000001", "ES.1"]),
  ],
  [
    'DELETE /8/block_users {"messaging_product":"whatsapp","block_users":[{"user":"+34600000001"}]}',
    (api) => api.unblockUsers("8", ["+34600000001"]),
  ],
  ["GET /6?phone_number_id=8", (api) => api.getMedia("6", "8")],
  ["DELETE /6", (api) => api.deleteMedia("6")],
  [
    "POST /1/uploads?file_name=a b.png&file_length=12&file_type=image/png",
    (api) => api.openUpload("1", { fileName: "a b.png", mimeType: "image/png", size: 12 }),
  ],
])("%s", async (written, call) => {
  const server = await answering(200, {
    success: true,
    id: "1",
    data: [],
    display_phone_number: "+34",
    block_users: {},
    url: "https://x.test/",
    mime_type: "image/png",
    sha256: "0",
    file_size: "1",
  });
  const result = await call(clientOf(server.url));
  expect(server.requests.map(asWritten)).toEqual([written]);
  // A session's id has a shape of its own, which this answer lacks.
  if (!written.includes("/uploads")) expect(result).toMatchObject({ kind: "ok" });
});

test("a file goes up whole, under its name and type", async () => {
  const bytes = Buffer.from([0, 255, 13, 10, 45, 45, 0]);
  const server = await answering(200, { id: 600 });
  const api = clientOf(server.url);
  const sent = await api.uploadMedia("8", { bytes, fileName: "menú.png", mimeType: "image/png" });
  expect(sent).toEqual({ kind: "ok", value: { id: "600" } });
  const [request] = server.requests;
  const type = request?.headers["content-type"] ?? "";
  const form = await new Response(new Uint8Array(request?.body ?? []), {
    headers: { "content-type": type },
  }).formData();
  expect([form.get("messaging_product"), form.get("type")]).toEqual(["whatsapp", "image/png"]);
  const file = form.get("file");
  expect(file).toMatchObject({ name: "menú.png", type: "image/png" });
  expect(file instanceof Blob && Buffer.from(await file.arrayBuffer())).toEqual(bytes);
});

test("an example is uploaded to a session and gives the handle that a draft names", async () => {
  const bytes = Buffer.from("picture");
  const server = await answeringInTurn(
    (response) => void response.end('{"id":"upload:ABC?sig=x"}'),
    (response) => void response.end('{"h":"4::h"}'),
  );
  const uploaded = await clientOf(server.url).uploadExample("app", { bytes, fileName: "a.png", mimeType: "image/png" });
  expect(uploaded).toEqual({ kind: "ok", value: { handle: "4::h" } });
  const [, second] = server.requests;
  expect(second).toMatchObject({ method: "POST", url: "/v25.0/upload:ABC?sig=x", body: bytes });
  expect(second?.headers).toMatchObject({ authorization: "OAuth t", file_offset: "0" });
});

test("an upload that was interrupted goes on where it stopped", async () => {
  const server = await answering(200, { h: "4::h" });
  await clientOf(server.url).sendUpload("upload:ABC", Buffer.from("picture"), 3);
  expect(server.requests[0]).toMatchObject({ headers: { file_offset: "3" }, body: Buffer.from("ture") });
});

test("a file comes down byte for byte, with the token; a refusal says why", async () => {
  const bytes = Buffer.from([0, 159, 146, 150, 255]);
  const server = await answeringInTurn(
    (response) => void response.end(bytes),
    (response) => void response.writeHead(404).end(),
    (response) => void response.writeHead(401).end('{"error":{"code":190}}'),
  );
  const api = clientOf(server.url);
  const url = `${server.url}/files?mid=6`;
  const got = await api.downloadMedia(url);
  expect(got.kind === "ok" && createHash("sha256").update(got.value).digest("hex")).toBe(
    createHash("sha256").update(bytes).digest("hex"),
  );
  expect(server.requests[0]).toMatchObject({ url: "/files?mid=6", headers: { authorization: "Bearer t" } });
  expect(await api.downloadMedia(url)).toEqual({ kind: "unavailable", reason: "http_404" });
  expect(await api.downloadMedia(url)).toMatchObject({ kind: "refused", code: 190 });
});

test("the token is shown to no address that is not encrypted", async () => {
  const api = clientOf("https://graph.example.test");
  const result = await api.downloadMedia("http://media.example.test/files?mid=6");
  expect(result).toEqual({ kind: "unavailable", reason: "address_not_safe" });
  expect(await api.downloadMedia("nowhere")).toEqual({ kind: "unavailable", reason: "address_invalid" });
});

test("more templates than one call of analytics takes are refused before it", async () => {
  const api = clientOf("https://graph.example.test");
  const ids = Array.from({ length: 11 }, (_, index) => String(index));
  expect(() => api.templateAnalytics("9", { period, ids, metrics: ["SENT"] })).toThrow(RangeError);
});

test("analytics without anything to tell are no points, and numbers may come as texts", async () => {
  const nothing = await answering(200, { id: "9" });
  const query = { ...period, granularity: "DAILY" as const };
  expect(await clientOf(nothing.url).pricingAnalytics("9", query)).toEqual({ kind: "ok", value: [] });
  expect(await clientOf(nothing.url).conversationAnalytics("9", query)).toEqual({ kind: "ok", value: [] });
  const point = { template_id: 7, start: "1", end: "2", sent: "10", cost: [{ type: "amount_spent" }], read: 3 };
  const texts = await answering(200, { data: [{ data_points: [point] }] });
  const told = await clientOf(texts.url).templateAnalytics("9", { period, ids: ["7"], metrics: ["SENT"] });
  expect(told).toMatchObject({
    value: [{ data_points: [{ template_id: "7", start: 1, sent: 10, delivered: 0, read: 3, clicked: [] }] }],
  });
});
