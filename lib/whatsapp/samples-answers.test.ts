import { readdirSync, readFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { afterEach, describe, expect, test } from "vitest";
import type { CloudApi } from "./client";
import { effectOf } from "./error-codes";
import { freeFormRequest } from "./free-form";
import { answering, answeringInTurn, clientOf, closeServers } from "./testing/local-server";

afterEach(closeServers);

/** Answers of Meta's documentation, as a server gives them; samples/README.md says what each one is. */
const samples = new URL("samples/", import.meta.url);
const sample = (name: string) => JSON.parse(readFileSync(new URL(`${name}.json`, samples), "utf8"));
const names = readdirSync(samples)
  .filter((name) => name.endsWith(".json"))
  .map((name) => name.replace(".json", ""));

const NUMBER = "800000000000001";
const WABA = "900000000000001";
const ONE = "700000000000001";
const OTHER = "700000000000003";
const start = new Date("2025-11-22T00:00:00Z");
const end = new Date("2025-11-23T00:00:00Z");
const span = { start: 1_763_769_600, end: 1_763_856_000 };
const hello = freeFormRequest({ to: "+15550100777", type: "text", body: "hola" });
const send = (api: CloudApi) => api.sendMessage(NUMBER, hello);
const WAMID = "wamid.HBgLMTU1NTAxMDA3NzcVAgARGBIwMDAwMDAwMDAwMDBBMTAwMDEA";
const day = { period: { start, end }, ids: [ONE, OTHER], metrics: ["SENT", "CLICKED", "COST"] };

/** What each answer comes to: the call that gets it, and what the product knows afterwards. */
const answers: Record<string, [call: (api: CloudApi) => Promise<unknown>, outcome: unknown]> = {
  "send-response-text": [send, { kind: "accepted", wamid: WAMID, waId: "15550100777", userId: undefined }],
  "send-response-template-accepted": [send, { kind: "accepted", wamid: WAMID, waId: "15550100777", userId: undefined }],
  "send-response-template-held": [send, { kind: "held", wamid: WAMID, waId: "15550100777", userId: undefined }],
  "send-response-template-paused": [send, { kind: "held", wamid: WAMID, waId: "15550100777", userId: undefined }],
  "send-response-bsuid": [send, { kind: "accepted", wamid: WAMID, waId: undefined, userId: "US.10000000000000000777" }],
  "send-response-wa-id-differs-brazil": [
    send,
    {
      kind: "accepted",
      wamid: "wamid.HBgMNTUxMTU1NTAwMTIzFQIAERgSMDAwMDAwMDAwMDAwMDAwMEExAA==",
      waId: "551155500123",
      userId: undefined,
    },
  ],
  "send-response-wa-id-differs-mexico": [
    send,
    {
      kind: "accepted",
      wamid: "wamid.HBgNNTIxNTU1NTUwMDEyMxUCABEYEjAwMDAwMDAwMDAwMDAwMDBBMgA=",
      waId: "5215555500123",
      userId: undefined,
    },
  ],
  "success-response": [(api) => api.markRead(NUMBER, WAMID), ok({ success: true })],
  "template-create-response": [create, ok({ id: ONE, status: "PENDING", category: "MARKETING" })],
  "template-create-response-recategorised": [
    create,
    ok({ id: "700000000000002", status: "APPROVED", category: "MARKETING" }),
  ],
  "template-get-quality-response": [
    (api) => api.getTemplateFields(ONE, ["quality_score", "status"]),
    ok({ id: ONE, status: "APPROVED", quality_score: { score: "GREEN", date: 1_763_800_000 } }),
  ],
  "template-list-last-page-response": [
    (api) => api.listTemplateFields(WABA, ["name", "category", "correct_category", "status"]),
    ok([expect.objectContaining({ name: "order_note", category: "UTILITY", correct_category: "MARKETING" })]),
  ],
  "template-compare-response": [
    (api) => api.compareTemplates(ONE, OTHER, { days: 7, end }),
    ok({
      data: [
        { metric: "BLOCK_RATE", type: "RELATIVE", order_by_relative_metric: [OTHER, ONE] },
        {
          metric: "MESSAGE_SENDS",
          type: "NUMBER_VALUES",
          number_values: [
            { key: ONE, value: 1273 },
            { key: OTHER, value: 1042 },
          ],
        },
        {
          metric: "TOP_BLOCK_REASON",
          type: "STRING_VALUES",
          string_values: [
            { key: ONE, value: "SPAM" },
            { key: OTHER, value: "UNKNOWN_BLOCK_REASON" },
          ],
        },
      ],
    }),
  ],
  "template-analytics-response": [
    (api) => api.templateAnalytics(WABA, day),
    ok([
      {
        granularity: "DAILY",
        product_type: "cloud_api",
        data_points: [
          {
            template_id: ONE,
            ...span,
            sent: 1000,
            delivered: 948,
            read: 611,
            clicked: [
              { type: "quick_reply_button", button_content: "Stop promotions", count: 9 },
              { type: "url_button", button_content: "Shop", count: 143 },
              { type: "unique_url_button", button_content: "Shop", count: 131 },
            ],
            cost: [
              { type: "amount_spent", value: 23.7 },
              { type: "cost_per_delivered", value: 0.025 },
              { type: "cost_per_url_button_click", value: 0.1657 },
            ],
          },
          { template_id: OTHER, ...span, sent: 1000, delivered: 951, read: 640, clicked: [], cost: [] },
        ],
      },
    ]),
  ],
  "template-group-analytics-response": [
    (api) => api.templateGroupAnalytics(WABA, { ...day, ids: ["710000000000001"] }),
    ok([
      expect.objectContaining({
        data_points: [
          expect.objectContaining({ template_group_id: "710000000000001", sent: 1460, delivered: 1460, read: 1399 }),
        ],
      }),
    ]),
  ],
  "pricing-analytics-response": [
    (api) => api.pricingAnalytics(WABA, { start, end, granularity: "DAILY" }),
    ok([
      {
        ...span,
        country: "IN",
        tier: "0:750000",
        pricing_type: "REGULAR",
        pricing_category: "UTILITY",
        volume: 120,
        cost: 13.8,
      },
      {
        ...span,
        country: "US",
        pricing_type: "FREE_CUSTOMER_SERVICE",
        pricing_category: "SERVICE",
        volume: 6,
        cost: 0,
      },
      {
        ...span,
        country: "BR",
        tier: "0:MAX",
        pricing_type: "REGULAR",
        pricing_category: "MARKETING_LITE",
        volume: 10,
        cost: 0.63,
      },
    ]),
  ],
  "conversation-analytics-response": [
    (api) => api.conversationAnalytics(WABA, { start, end, granularity: "DAILY" }),
    ok([expect.objectContaining({ ...span, conversation: 1558, country: "US", cost: 15.58 })]),
  ],
  "messaging-analytics-response": [
    (api) => api.messagingAnalytics(WABA, { start, end, granularity: "DAY" }),
    ok([{ ...span, sent: 1961, delivered: 1797 }]),
  ],
  "enable-template-insights-response": [(api) => api.enableTemplateInsights(WABA), ok({ id: WABA })],
  "phone-number-get-response": [
    (api) => api.getPhoneNumber(NUMBER),
    ok({
      id: NUMBER,
      verified_name: "Example Shop",
      display_phone_number: "+1 555-010-0100",
      quality_rating: "GREEN",
      status: "CONNECTED",
      throughput: { level: "STANDARD" },
      whatsapp_business_manager_messaging_limit: "TIER_2K",
      code_verification_status: "VERIFIED",
      name_status: "APPROVED",
      platform_type: "CLOUD_API",
    }),
  ],
  "phone-numbers-list-response": [
    (api) => api.listPhoneNumbers(WABA),
    ok([expect.objectContaining({ id: NUMBER, verified_name: "Example Shop" })]),
  ],
  "subscribed-apps-response": [
    (api) => api.listSubscribedApps(WABA),
    ok([
      {
        whatsapp_business_api_data: {
          id: "100000000000009",
          link: "https://apps.example.test/",
          name: "Example App",
        },
      },
    ]),
  ],
  "media-upload-response": [
    (api) => api.uploadMedia(NUMBER, { bytes: Buffer.from("x"), fileName: "a.jpg", mimeType: "image/jpeg" }),
    ok({ id: "600000000000001" }),
  ],
  "media-get-response": [
    (api) => api.getMedia("600000000000001"),
    ok(expect.objectContaining({ id: "600000000000001", mime_type: "image/jpeg", file_size: 303_833 })),
  ],
  "resumable-upload-session-response": [
    (api) => api.openUpload("100000000000009", { fileName: "a.jpg", mimeType: "image/jpeg", size: 1 }),
    ok({ id: "upload:FICTIONALSESSION?sig=FICTIONAL" }),
  ],
  "resumable-upload-handle-response": [
    (api) => api.sendUpload("upload:FICTIONALSESSION?sig=FICTIONAL", Buffer.from("x")),
    ok({ h: "4::fictional-handle" }),
  ],
  "mm-disable-cloud-marketing-get-response": [(api) => api.isMarketingOffOnCloudApi(WABA), ok(true)],
};

function ok(value: unknown) {
  return { kind: "ok", value };
}

function create(api: CloudApi) {
  return api.createTemplate(WABA, { name: "a", language: "en_US", category: "UTILITY", components: [] });
}

describe("every answer of the documentation is read", () => {
  const given = names.filter((name) => name.includes("response"));

  test("template-list-response", async () => {
    const last = { data: [], paging: { cursors: { before: "MAZDZD" } } };
    const pages = [sample("template-list-response"), last];
    const server = await answeringInTurn(
      ...pages.map((page) => (response: ServerResponse) => void response.end(JSON.stringify(page))),
    );
    expect(await clientOf(server.url).listTemplates(WABA, 2)).toMatchObject({
      kind: "ok",
      value: [
        { id: ONE, name: "spring_sale_a", status: "APPROVED", components: [{ type: "BODY" }, { type: "BUTTONS" }] },
        { id: OTHER, name: "spring_sale_b", status: "PAUSED" },
      ],
    });
    expect(server.requests[1]?.url).toContain("&after=MjQZD");
  });

  test.each(given.filter((name) => name !== "template-list-response"))("%s", async (name) => {
    const [call, outcome] = answers[name] ?? [];
    const server = await answering(200, sample(name));
    expect(await call?.(clientOf(server.url))).toEqual(outcome);
    expect(server.requests).toHaveLength(1);
  });
});

/** What a refusal means for the message, and for more than it. */
const refusals: Record<string, [outcome: object, effect?: string]> = {
  "error-190-token-expired": [{ kind: "retry", scope: "account", code: 190 }, "stop_account"],
  "error-100-unknown-object": [{ kind: "retry", scope: "number", code: 100 }, "stop_number"],
  "error-100-to-required": [{ kind: "rejected", code: 100, detail: "The parameter to is required." }],
  "error-100-must-be-template": [{ kind: "rejected", code: 100, detail: "Message must be a template message." }],
  "error-10-permission": [{ kind: "retry", scope: "account", code: 10 }, "stop_account"],
  "error-368-policy-block": [{ kind: "retry", scope: "account", code: 368 }, "stop_account"],
  "error-80007-waba-rate": [{ kind: "retry", scope: "account", code: 80007 }],
  "error-130429-throughput": [{ kind: "retry", scope: "number", code: 130429 }],
  "error-131008-missing-param": [{ kind: "rejected", code: 131008 }],
  "error-131009-invalid-value": [{ kind: "rejected", code: 131009 }],
  "error-131030-not-in-allowed-list": [{ kind: "rejected", code: 131030 }],
  "error-131048-spam-rate": [{ kind: "retry", scope: "number", code: 131048 }, "stop_number"],
  "error-131056-pair-rate": [{ kind: "retry", scope: "pair", code: 131056, afterMs: 6_000 }],
  "error-131057-maintenance": [{ kind: "retry", scope: "number", code: 131057 }],
  "error-131059-invalid-cursor": [{ kind: "retry", scope: "message", code: 131059 }],
  "error-131062-bsuid-unsupported": [{ kind: "rejected", code: 131062 }],
  "error-131063-marketing-disabled-on-cloud-api": [{ kind: "rejected", code: 131063 }],
  "error-132000-param-count": [{ kind: "rejected", code: 132000 }],
  "error-132001-template-missing": [{ kind: "rejected", code: 132001 }, "stop_template"],
  "error-132012-param-format": [
    { kind: "rejected", code: 132012, detail: "header: Format mismatch, expected IMAGE, received UNKNOWN" },
  ],
  "error-132015-template-paused": [{ kind: "rejected", code: 132015 }, "stop_template"],
  "error-132016-template-disabled": [{ kind: "rejected", code: 132016 }, "stop_template"],
  "error-134100-mm-marketing-only": [{ kind: "rejected", code: 134100 }],
  "error-134101-mm-template-syncing": [{ kind: "retry", scope: "message", code: 134101, afterMs: 600_000 }],
  "error-131000-unknown": [{ kind: "ambiguous", reason: "http_500_code_131000" }],
};

describe("every refusal of the documentation has its outcome", () => {
  const given = names.filter((name) => name.startsWith("error-") && !name.startsWith("error-template"));

  test.each(given)("%s", async (name) => {
    const { _http_status: status, body } = sample(name);
    const [outcome, effect] = refusals[name] ?? [];
    const server = await answering(status, body);
    expect(await send(clientOf(server.url))).toMatchObject(outcome ?? {});
    expect(server.requests).toHaveLength(1);
    expect(effectOf(body.error.code, body.error.error_subcode)).toBe(effect);
  });

  test("error-template-create-2388299", async () => {
    const { _http_status: status, body } = sample("error-template-create-2388299");
    const server = await answering(status, body);
    expect(await create(clientOf(server.url))).toEqual({
      kind: "refused",
      code: 100,
      subcode: 2388299,
      title: "Leading or trailing params are not allowed",
      detail: "Variables can't be at the start or end of the template.",
    });
  });
});

test("no sample of the reference is left out: 33 requests, 28 answers, 26 refusals; the others are webhooks", () => {
  const count = (pattern: RegExp) => names.filter((name) => pattern.test(name)).length;
  expect(names).toHaveLength(177);
  expect([count(/-request$/), count(/response/), count(/^error-/)]).toEqual([33, 28, 26]);
  expect(Object.keys(answers)).toHaveLength(27); // and the list of templates
  expect(Object.keys(refusals)).toHaveLength(25); // and the creation of a template
});
