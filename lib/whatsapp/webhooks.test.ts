import { existsSync, readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseWebhook } from "./webhooks";

const copied = new URL("samples/", import.meta.url);
const shared = new URL("../../../shared/whatsapp/samples/", import.meta.url);

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

const isShared = existsSync(shared);
const expectedKinds: [prefix: RegExp, kind: string][] = [
  [/^status-/, "status"],
  [/^inbound-/, "message"],
  [/^user-preferences-/, "user_preference"],
  [/^template-status-/, "template_status"],
  [/^template-quality-update/, "template_quality"],
  [/^phone-number-quality-update/, "phone_quality"],
];

describe.skipIf(!isShared)("every documented webhook sample", () => {
  const names = isShared ? readdirSync(shared).filter((name) => name.endsWith(".json")) : [];
  const webhooks = names
    .map((name) => ({ name, body: readFileSync(new URL(name, shared), "utf8") }))
    .filter(({ body }) => body.includes('"entry"') && JSON.parse(body).object === "whatsapp_business_account");

  test.each(webhooks)("$name is read, and nothing of it is lost", ({ name, body }) => {
    const items = itemsOf(body);
    const kind = expectedKinds.find(([prefix]) => prefix.test(name))?.[1];
    expect(items.length).toBeGreaterThan(0);
    if (kind) expect(new Set(items.map((item) => item.kind))).toEqual(new Set([kind]));
  });
});
