import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { fuzzedBody, seededRandom } from "./testing/webhook-fuzz";
import { parseWebhook } from "./webhooks";

// Source: the project's Cloud API reference; copied into samples/.
const folder = new URL("samples/", import.meta.url);
const bodies = new Map(
  readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .map((name) => [name.replace(".json", ""), readFileSync(new URL(name, folder), "utf8")] as const)
    .filter(([, text]) => Array.isArray(JSON.parse(text).entry)),
);

function itemsOf(body: string) {
  const parsed = parseWebhook(Buffer.from(body));
  if (parsed.kind !== "items") throw new Error(parsed.reason);
  return parsed.items;
}

const ours = "wamid.HBgLMTU1NTAxMDA3NzcVAgARGBIwMDAwMDAwMDAwMDBBMTAwMDEA";
const theirFirst = "wamid.HBgLMTU1NTAxMDA3NzcVAgASGBQzQTAwMDAwMDAwMDAwMEIwMDAwMQA=";
const ana = { waId: "15550100777", userId: "US.10000000000000000777", profileName: "Ana Example" };
const anaByIdOnly = { waId: undefined, userId: ana.userId, username: "@ana.example" };
const status = (word: string, more = {}) => [{ kind: "status", status: word, ...more }];
const failed = (code: number) => status("failed", { recipientWaId: ana.waId, contact: undefined, errors: [{ code }] });
const message = (type: string, content: object, more = {}) => [
  { kind: "message", type, content, ...ana, errors: [], ...more },
];
const media = (kind: string, more = {}) => message(kind, { type: "media", media: kind, sha256: /A{43}=/, ...more });
const template = {
  templateId: "700000000000001",
  name: "spring_sale_a",
  language: "en_US",
  at: new Date(1763800000_000),
};
const templateStatus = (event: string, more = {}) => [{ kind: "template_status", event, ...template, ...more }];
const account = (event: string, more = {}) => [{ kind: "account_update", wabaId: "900000000000001", event, ...more }];
const preference = (value: string, more = {}) => [
  { kind: "user_preference", category: "marketing_messages", value, ...ana, ...more },
];
const regular = (category: string) => ({ category, type: "regular", model: "PMP", billable: true });

/** Every webhook sample and what it must become. */
const expected: Record<string, object[]> = {
  "account-alerts": [
    {
      kind: "account_alert",
      severity: "WARNING",
      status: "ACTIVE",
      alertType: "INCREASED_CAPABILITIES_ELIGIBILITY_DEFERRED",
      entityId: "990000000000001",
    },
  ],
  "account-review-update": [{ kind: "account_review", decision: "APPROVED" }],
  "account-update-deleted": account("ACCOUNT_DELETED"),
  "account-update-disabled": account("DISABLED_UPDATE", {
    ban: { state: "SCHEDULE_FOR_DISABLE", date: "November 25, 2026" },
  }),
  "account-update-restriction": account("ACCOUNT_RESTRICTION", {
    displayPhoneNumber: "15550100100",
    restrictions: [{ type: "RESTRICTED_BIZ_INITIATED_MESSAGING", expiresAt: new Date(1764059200_000) }],
  }),
  "account-update-violation": account("ACCOUNT_VIOLATION", { violationType: "SCAM" }),
  "account-update-volume-tier": account("VOLUME_BASED_PRICING_TIER_UPDATE", {
    volumeTier: {
      pricingCategory: "UTILITY",
      tier: "25000001:50000000",
      region: "India",
      effectiveMonth: "2026-11",
      updatedAt: new Date(1763800000_000),
    },
  }),
  "business-capability-update": [
    { kind: "business_capability", dailyLimit: { kind: "count", people: 2_000 }, maxPhoneNumbers: 25 },
  ],
  "business-capability-update-tier-string": [
    { kind: "business_capability", dailyLimit: { kind: "count", people: 10_000 }, maxPhoneNumbers: 25 },
  ],
  "business-username-update": [{ kind: "business_username", username: "example.shop", status: "approved" }],
  "inbound-audio": media("audio", { id: "610000000000003", isVoice: true }),
  "inbound-button-quick-reply": message(
    "button",
    { type: "button", text: "Stop promotions", payload: "v=a;act=stop" },
    { payload: "v=a;act=stop", text: "Stop promotions", contextWamid: ours },
  ),
  "inbound-button-quick-reply-default-payload": message(
    "button",
    { type: "button", payload: "Stop promotions" },
    { payload: "Stop promotions", contextWamid: ours },
  ),
  "inbound-contacts": message("contacts", {
    contacts: [{ name: "Bea Example", phones: [{ waId: "15550100999", type: "MOBILE" }] }],
  }),
  "inbound-contacts-request-answer": message(
    "contacts",
    { contacts: [{ origin: "contact_request", phones: [{ waId: "15550100777" }] }] },
    anaByIdOnly,
  ),
  "inbound-document": media("document", { id: "610000000000004", filename: "order.pdf", caption: "order" }),
  "inbound-edit": message(
    "edit",
    { type: "edit", wamid: theirFirst, newType: "text" },
    { text: "Does it come in red?", contextWamid: undefined },
  ),
  "inbound-image": media("image", { id: "610000000000001", caption: "photo", mimeType: "image/jpeg" }),
  "inbound-interactive-button-reply": message(
    "interactive",
    { type: "button_reply" },
    { text: "Stop", payload: "stop", contextWamid: ours },
  ),
  "inbound-interactive-list-reply": message(
    "interactive",
    { type: "list_reply", description: "Running and trail" },
    { text: "Shoes", payload: "shoes", contextWamid: ours },
  ),
  "inbound-interactive-nfm-reply": message(
    "interactive",
    { type: "flow_reply", name: "flow", response: { flow_token: "ft-7f2c", rating: "4" } },
    { contextWamid: ours, text: undefined },
  ),
  "inbound-location": message("location", { latitude: 37, longitude: -122, name: "Example Store" }),
  "inbound-order": message(
    "order",
    { items: [{ productId: "sku-1", quantity: 2, itemPrice: 30, currency: "USD" }] },
    { text: "Please" },
  ),
  "inbound-reaction": message("reaction", { wamid: ours, emoji: "👍" }, { contextWamid: ours }),
  "inbound-reaction-removed": message("reaction", { wamid: ours, emoji: undefined }, { contextWamid: ours }),
  "inbound-revoke": message("revoke", { type: "revoke", wamid: theirFirst }),
  "inbound-sticker": media("sticker", { id: "610000000000005", isAnimated: false }),
  "inbound-system-number-changed": [
    { kind: "message", waId: ana.waId, content: { type: "number_changed", waId: "15550100778" } },
  ],
  "inbound-system-user-id-changed": [
    { kind: "message", waId: ana.waId, content: { type: "user_id_changed", userId: "US.10000000000000000778" } },
  ],
  "inbound-text": message("text", { type: "text" }, { text: "Does it come in blue?", wamid: theirFirst }),
  "inbound-text-bsuid-only": message("text", { body: "Hi there" }, anaByIdOnly),
  "inbound-text-ctwa-referral": message(
    "text",
    { body: "More info?" },
    { referral: { sourceId: "120000000000001", sourceType: "ad", clickId: "FICTIONAL_CLICK_ID" } },
  ),
  "inbound-text-forwarded": message("text", {}, { isForwarded: true, contextWamid: undefined }),
  "inbound-text-legacy-no-bsuid": message("text", { body: "Hello" }, { userId: undefined }),
  "inbound-text-referred-product": message(
    "text",
    { body: "Still available?" },
    { referredProduct: { catalogId: "400000000000001", productId: "sku-1" } },
  ),
  "inbound-text-reply-to-template": message("text", { body: "Yes please" }, { contextWamid: ours }),
  "inbound-unsupported": message("unsupported", { what: "poll" }, { errors: [{ code: 131051 }] }),
  "inbound-unsupported-legacy": message("unknown", { type: "unsupported" }, { errors: [{ code: 131051 }] }),
  "inbound-video": media("video", { id: "610000000000002" }),
  "phone-number-name-update": [
    { kind: "phone_name", decision: "APPROVED", requestedName: "Example Shop", rejectionReason: undefined },
  ],
  "phone-number-quality-update": [
    { kind: "phone_quality", event: "THROUGHPUT_UPGRADE", dailyLimit: { kind: "unlimited" } },
  ],
  security: [{ kind: "security", event: "PIN_RESET_REQUEST", requester: "610000000000009" }],
  "smb-message-echoes": [{ kind: "message_echo", type: "text", toWaId: ana.waId, text: "Answered from the phone" }],
  "status-deleted": status("deleted", { wamid: ours }),
  "status-delivered": status("delivered", { wamid: ours, pricing: regular("marketing"), conversation: undefined }),
  "status-delivered-bsuid-only": status("delivered", { recipientWaId: undefined, recipientUserId: ana.userId }),
  "status-delivered-free-customer-service": status("delivered", {
    pricing: { category: "service", type: "free_customer_service", model: "PMP", billable: false },
  }),
  "status-delivered-free-entry-point": status("delivered", {
    conversation: { origin: "referral_conversion" },
    pricing: { type: "free_entry_point" },
  }),
  "status-delivered-marketing-lite": status("delivered", { pricing: regular("marketing_lite") }),
  "status-delivered-service-charged": status("delivered", { pricing: regular("service") }),
  "status-delivered-unknown-fields": status("delivered", { recipientWaId: ana.waId }),
  "status-delivered-username": status("delivered", {
    recipientParentUserId: "US.ENT.20000000000000000777",
    contact: { username: "@ana.example", parentUserId: "US.ENT.20000000000000000777" },
  }),
  "status-failed-130472": failed(130472),
  "status-failed-131026": failed(131026),
  "status-failed-131047": failed(131047),
  "status-failed-131049": failed(131049),
  "status-failed-131050": failed(131050),
  "status-failed-131053": failed(131053),
  "status-failed-132015": failed(132015),
  "status-failed-bsuid": status("failed", { recipientWaId: undefined, recipientUserId: ana.userId }),
  "status-group-read": status("read", { recipientType: "group", participantWaId: ana.waId, contact: ana }),
  "status-played": status("played"),
  "status-read": status("read", { pricing: undefined }),
  "status-read-without-delivered": status("read", { pricing: regular("marketing") }),
  "status-sent": status("sent", { callbackData: "exp:12|var:A|msg:7f2c", conversation: undefined }),
  "status-sent-v23-conversation": status("sent", {
    conversation: { origin: "marketing", expiresAt: new Date(1763886400_000) },
  }),
  "template-category-update-done": [
    { kind: "template_category", phase: "done", previous: "UTILITY", current: "MARKETING" },
  ],
  "template-category-update-impending": [
    {
      kind: "template_category",
      phase: "impending",
      current: "UTILITY",
      next: "MARKETING",
      takesEffectAt: new Date(1763886400_000),
    },
  ],
  "template-components-update": [
    {
      kind: "template_components",
      ...template,
      title: "Spring sale",
      body: "Hi {{1}}, get {{2}} off today.",
      footer: "Example Shop",
      buttons: [{ type: "URL", text: "Shop", url: "https://go.example.test/{{1}}" }],
    },
  ],
  "template-quality-update": [{ kind: "template_quality", ...template, previous: "GREEN", current: "YELLOW" }],
  "template-quality-update-mislabelled-field": [
    { kind: "template_quality", ...template, previous: "YELLOW", current: "RED" },
  ],
  "template-status-approved": templateStatus("APPROVED", { category: "MARKETING" }),
  "template-status-approved-hyphen-language": templateStatus("APPROVED"),
  "template-status-disabled": templateStatus("DISABLED", { disabledAt: new Date(1763800000_000) }),
  "template-status-flagged": templateStatus("FLAGGED"),
  "template-status-paused": templateStatus("PAUSED", { title: "FIRST_PAUSE" }),
  "template-status-pending-deletion": templateStatus("PENDING_DELETION", { reason: undefined }),
  "template-status-reinstated": templateStatus("REINSTATED"),
  "template-status-rejected": templateStatus("REJECTED", {
    reason: "INVALID_FORMAT",
    rejection: { reason: "Parameters are adjacent.", recommendation: "Put text between the parameters." },
  }),
  "template-status-unpaused": templateStatus("APPROVED", { title: "UNPAUSE" }),
  "user-id-update": [
    {
      kind: "user_id_update",
      waId: ana.waId,
      previousUserId: ana.userId,
      userId: "US.10000000000000000778",
      at: new Date(1763800830_000),
    },
  ],
  "user-preferences-resume": preference("resume", { at: new Date(1763800800_000) }),
  "user-preferences-signup": preference("signup", { signupId: "300000000000001" }),
  "user-preferences-stop": preference("stop", { phoneNumberId: "800000000000001" }),
  "user-preferences-stop-bsuid-only": preference("stop", anaByIdOnly),
  "webhook-batch-mixed": [
    ...status("delivered"),
    ...status("read"),
    ...status("sent", { recipientWaId: "15550100888" }),
    ...message("text", { body: "STOP" }),
    ...templateStatus("PAUSED", { wabaId: "900000000000002", at: new Date(1763800030_000) }),
  ],
  "webhook-user-actions-link-click": [
    { kind: "user_action", action: "marketing_messages_link_click", component: "cta", clickId: "FICTIONAL_CLICK" },
  ],
  "webhook-value-errors": [{ kind: "account_error", error: { code: 130429, title: "Rate limit hit" } }],
};

test("the table names every webhook sample", () => {
  expect(Object.keys(expected).sort()).toEqual([...bodies.keys()].sort());
});

test.each(Object.entries(expected))("%s becomes exactly what the reference says", (name, items) => {
  const found = itemsOf(bodies.get(name) ?? "");
  expect(found).toHaveLength(items.length);
  expect(found).toMatchObject(items.map(withPatterns));
});

function withPatterns(value: object): object {
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => {
      if (part instanceof RegExp) return [key, expect.stringMatching(part)];
      return [
        key,
        typeof part === "object" && part !== null && !Array.isArray(part) && !(part instanceof Date)
          ? withPatterns(part)
          : part,
      ];
    }),
  );
}

test("every sample is read the same with its ids and times as numbers, and with numbers as text", () => {
  for (const body of bodies.values()) {
    const turned = body
      .replace(
        /"(timestamp|expiration_timestamp|recipient_id|from|wa_id|phone_number_id|id)":\s*"(\d{1,15})"/g,
        '"$1":$2',
      )
      .replace(/"(time|message_template_id|category_update_timestamp|disable_date)":\s*(\d+)/g, '"$1":"$2"');
    expect(itemsOf(turned)).toEqual(itemsOf(body));
  }
});

const FUZZED = process.env.LONG ? 100_000 : 3_000;
const LONGEST_MS = 600_000;

test(
  `${FUZZED} bodies taken apart never throw, and the good status among them is always found`,
  () => {
    const random = seededRandom(20261122);
    const samples = [...bodies.values()];
    for (let n = 0; n < FUZZED; n++) {
      const neighbour = { wamid: `wamid.${n}`, wabaId: "900000000000001", phoneNumberId: "800000000000001" };
      const body = fuzzedBody(samples, random, neighbour);
      const good = itemsOf(body).filter((item) => item.kind === "status" && item.wamid === neighbour.wamid);
      if (good.length !== 1) throw new Error(`body ${n} lost its neighbour: ${body}`);
    }
  },
  LONGEST_MS,
);

test(
  "bytes that are cut, flipped or no text at all never throw",
  () => {
    const random = seededRandom(7);
    const samples = [...bodies.values()].map((text) => Buffer.from(text));
    for (let n = 0; n < FUZZED; n++) {
      const sample = Buffer.from(samples[n % samples.length] ?? "");
      for (let flips = Math.floor(random() * 5); flips >= 0; flips--) {
        sample[Math.floor(random() * sample.length)] = Math.floor(random() * 256);
      }
      expect(["items", "unreadable"]).toContain(
        parseWebhook(sample.subarray(0, Math.floor(random() * sample.length))).kind,
      );
      parseWebhook(sample);
    }
  },
  LONGEST_MS,
);
