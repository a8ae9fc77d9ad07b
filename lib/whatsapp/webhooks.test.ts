import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseWebhook } from "./webhooks";

const copied = new URL("samples/", import.meta.url);

function itemsOf(body: string) {
  const parsed = parseWebhook(Buffer.from(body));
  if (parsed.kind !== "items") throw new Error(parsed.reason);
  return parsed.items;
}
const sample = (name: string) => itemsOf(readFileSync(new URL(`${name}.json`, copied), "utf8"));

test("one post with several accounts, statuses, a reply and a template event gives every item, in order", () => {
  const items = sample("webhook-batch-mixed");
  expect(items.map(({ kind }) => kind)).toEqual(["status", "status", "status", "message", "template_status"]);
  expect(items[0]).toMatchObject({
    status: "delivered",
    at: new Date(1763800004_000),
    recipientWaId: "15550100777",
    recipientUserId: "US.10000000000000000777",
    phoneNumberId: "800000000000001",
    pricing: { category: "marketing", type: "regular", model: "PMP", billable: true },
  });
  expect(items[3]).toMatchObject({ text: "STOP", waId: "15550100777", profileName: "Ana Example" });
  expect(items[4]).toMatchObject({
    wabaId: "900000000000002",
    templateId: "700000000000001",
    event: "PAUSED",
    title: "FIRST_PAUSE",
  });
});

test("a quality change that Meta labels as a status change is still a quality change", () => {
  expect(sample("template-quality-update-mislabelled-field")).toMatchObject([
    { kind: "template_quality", previous: "YELLOW", current: "RED", language: "en_US" },
  ]);
});

test("a tapped button gives its payload and the message it belongs to", () => {
  expect(sample("inbound-button-quick-reply")).toMatchObject(
    [
      { kind: "message", type: "button", payload: "v=a;act=stop", text: "Stop promotions", contextWamid: /^wamid\./ },
    ].map(({ contextWamid, ...rest }) => ({ ...rest, contextWamid: expect.stringMatching(contextWamid) })),
  );
});

test("a failure carries its code, and a stop without a phone number its user id", () => {
  expect(sample("status-failed-131049")).toMatchObject([{ status: "failed", errors: [{ code: 131049 }] }]);
  expect(sample("user-preferences-stop-bsuid-only")).toMatchObject([
    { kind: "user_preference", category: "marketing_messages", value: "stop", waId: undefined },
  ]);
});

test("a broken item is kept as unknown and its neighbours are read", () => {
  const status = (timestamp: unknown) => ({ id: "wamid.1", status: "sent", timestamp });
  const value = {
    metadata: { phone_number_id: 8 },
    statuses: [status("1763800000"), status("soon"), null, status(1763800001)],
  };
  const items = itemsOf(JSON.stringify({ entry: [{ id: "1", changes: [7, { field: "messages", value }] }, "x"] }));
  expect(items.map(({ kind }) => kind)).toEqual(["unknown", "status", "unknown", "unknown", "status", "unknown"]);
});

test("enums stay open and unknown fields are kept whole", () => {
  const value = {
    statuses: [{ id: "wamid.1", status: "teleported", timestamp: "1763800000", pricing: "free", errors: {} }],
  };
  const changes = [
    { field: "messages", value },
    { field: "new_thing", value: { a: 1 } },
  ];
  expect(itemsOf(JSON.stringify({ entry: [{ id: "1", changes }] }))).toMatchObject([
    { kind: "status", status: "teleported", errors: [] },
    { kind: "unknown", field: "new_thing", value: { a: 1 } },
  ]);
});

test("whatever the bytes, parsing does not throw, and a good status beside them is found", () => {
  const good = { id: "wamid.good", status: "sent", timestamp: "1763800000" };
  fc.assert(
    fc.property(
      fc.array(fc.jsonValue(), { maxLength: 5 }),
      fc.dictionary(fc.string(), fc.jsonValue()),
      (junk, extra) => {
        const value = { ...extra, statuses: [...junk, good] };
        const items = itemsOf(
          JSON.stringify({ entry: [...junk, { id: "1", changes: [...junk, { field: "messages", value }] }] }),
        );
        expect(items).toContainEqual(expect.objectContaining({ kind: "status", wamid: "wamid.good" }));
      },
    ),
  );
  fc.assert(fc.property(fc.uint8Array(), (bytes) => void parseWebhook(bytes)));
  expect(parseWebhook("[".repeat(100_000)).kind).toBe("unreadable");
});

const messageAt = (timestamp: unknown) =>
  JSON.stringify({
    entry: [
      {
        id: "1",
        changes: [
          {
            field: "messages",
            value: { messages: [{ id: "wamid.1", timestamp, type: "text", text: { body: "STOP" } }] },
          },
        ],
      },
    ],
  });

test("a message whose time cannot be read takes the time of its receipt: it may be a refusal", () => {
  const receivedAt = new Date("2026-11-22T10:00:00Z");
  for (const timestamp of [undefined, null, "soon", 0, -5, 1.5, "99999999999999"]) {
    const parsed = parseWebhook(messageAt(timestamp), receivedAt);
    expect(parsed).toMatchObject({ items: [{ kind: "message", text: "STOP", at: receivedAt }] });
    expect(parseWebhook(messageAt(timestamp))).toMatchObject({ items: [{ kind: "unknown", field: "messages" }] });
  }
});

test("of a key that stands twice the last counts", () => {
  const body = messageAt("1763800000").replace('"text":{"body":"STOP"}', '"text":{"body":"hi"},"text":{"body":"STOP"}');
  expect(itemsOf(body)).toMatchObject([{ kind: "message", text: "STOP" }]);
});

test("bytes that are no UTF-8, NUL and halves of characters become a replacement character, and the rest is read", () => {
  const text = (raw: Buffer) => {
    const parsed = parseWebhook(raw);
    return parsed.kind === "items" && parsed.items[0]?.kind === "message" ? parsed.items[0].text : undefined;
  };
  const [before = "", after = ""] = messageAt("1763800000").split("STOP");
  expect(text(Buffer.concat([Buffer.from(before), Buffer.of(0x42, 0xff, 0xc3), Buffer.from(after)]))).toBe(
    "B\ufffd\ufffd",
  );
  expect(text(Buffer.from(`${before}a\\u0000b\\ud83d${after}`))).toBe("a\ufffdb\ufffd");
  expect(text(Buffer.from(`${before}\\ud83d\\udc4d${after}`))).toBe("👍");
});

test("nesting without end, odd characters in it or not, costs its neighbours nothing", () => {
  const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
  const status = '{"id":"wamid.1","status":"sent","timestamp":"1763800000"}';
  const body = `{"entry":[{"id":"9","changes":[{"field":"flows","value":{"\\u0000":${deep},"b":"\\ud83d\\ude00 \\\\u0000 \\ud83d"}},{"field":"messages","value":{"statuses":[${status}]}}]}]}`;
  const parsed = parseWebhook(body);
  if (parsed.kind !== "items") throw new Error(parsed.reason);
  expect(parsed.items).toMatchObject([
    { kind: "unknown", value: { b: "\u{1f600} \\u0000 \ufffd" } },
    { kind: "status", wamid: "wamid.1" },
  ]);
});

test("a template id longer than a double is exact stays the same, also beside text that looks like one", () => {
  const body =
    '{"entry":[{"id":"1","changes":[{"field":"message_template_status_update","value":{"event":"APPROVED",' +
    '"message_template_id": 12345678901234567891,"message_template_name":"a","message_template_language":"es",' +
    '"reason":"\\"message_template_id\\":12345678901234567"}}]}]}';
  expect(itemsOf(body)).toMatchObject([
    { templateId: "12345678901234567891", reason: '"message_template_id":12345678901234567' },
  ]);
});

test("every way to say how many people may be written to is understood, and a new one is kept", () => {
  const limitOf = (limit: unknown) => {
    const changes = [{ field: "business_capability_update", value: { max_daily_conversations_per_business: limit } }];
    const [item] = itemsOf(JSON.stringify({ entry: [{ id: "1", changes }] }));
    return item?.kind === "business_capability" ? item.dailyLimit : item;
  };
  expect([2000, "2000", "TIER_2K", "TIER_250"].map(limitOf)).toEqual([
    { kind: "count", people: 2_000 },
    { kind: "count", people: 2_000 },
    { kind: "count", people: 2_000 },
    { kind: "count", people: 250 },
  ]);
  expect([-1, "-1", "TIER_UNLIMITED"].map(limitOf)).toEqual(Array(3).fill({ kind: "unlimited" }));
  expect(limitOf("TIER_NOT_SET")).toEqual({ kind: "other", value: "TIER_NOT_SET" });
  expect([null, {}].map(limitOf)).toEqual([undefined, undefined]);
});

test("words of the language itself are no kinds, no types and no fields", () => {
  const value = { constructor: [1], messages: [{ id: "wamid.1", timestamp: 1763800000, type: "toString" }] };
  const changes = [
    { field: "messages", value },
    { field: "constructor", value: { hasOwnProperty: 1 } },
  ];
  expect(itemsOf(JSON.stringify({ entry: [{ id: "1", changes }] }))).toMatchObject([
    { kind: "unknown", value: { constructor: 1 } },
    { kind: "message", type: "toString", content: { type: "other" } },
    { kind: "unknown", field: "constructor" },
  ]);
});

test("a body about another product is unreadable as a whole", () => {
  expect(parseWebhook('{"object":"instagram","entry":[]}')).toMatchObject({ kind: "unreadable" });
  expect(parseWebhook('{"object":"whatsapp_business_account","entry":[]}')).toEqual({ kind: "items", items: [] });
});
