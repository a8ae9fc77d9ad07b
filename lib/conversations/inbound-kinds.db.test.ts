import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { open } from "@/lib/keystore/cipher";
import { type SentCampaign, sentCampaign } from "@/lib/sending/testing/sent-campaign";
import { parseWebhook } from "@/lib/whatsapp/webhooks";
import { recordInbound } from "./commands/record-inbound";
import { bodyPlace, detailsPlace, type InboundItem } from "./inbound";

const t = await testDatabase();
afterAll(() => t.close());
let campaign: SentCampaign;
beforeAll(async () => {
  campaign = await sentCampaign(t, 8);
});

let number = 0;
/** A message as the webhook brings it; its time is shortly after the sending. */
function item(message: Record<string, unknown>): InboundItem {
  number += 1;
  const head = { id: `wamid.in.${number}`, timestamp: String(campaign.world.worker.now().getTime() / 1000 + number) };
  const value = { metadata: { phone_number_id: "800000000000001" }, messages: [{ ...head, ...message }] };
  const parsed = parseWebhook(
    JSON.stringify({ entry: [{ id: "900000000000001", changes: [{ field: "messages", value }] }] }),
  );
  const [first] = parsed.kind === "items" ? parsed.items : [];
  if (first?.kind !== "message") throw new Error("no message");
  return first;
}

interface Row extends Record<string, unknown> {
  id: string;
  contact_id: string;
  type: string;
  classification: string;
  attributed_by: string | null;
  body_sealed: Buffer | null;
  details_sealed: Buffer | null;
  is_forwarded: boolean;
  edited_at: string | null;
  revoked_at: string | null;
}

async function rowOf({ wamid }: InboundItem): Promise<Row & { body: string | null; details: unknown }> {
  const rows = await t.db.execute<Row>(sql`select * from inbound_messages where wamid = ${wamid}`);
  const [row] = rows;
  if (!row || rows.length > 1) throw new Error(`${rows.length} rows of ${wamid}`);
  const key = (await t.keystore.keysOf([row.contact_id])).get(row.contact_id);
  if (!key) throw new Error("no key");
  const opened = (sealed: Buffer | null, place: string) => (sealed ? open(key, sealed, place).toString() : null);
  const details = opened(row.details_sealed, detailsPlace(row.id));
  return { ...row, body: opened(row.body_sealed, bodyPlace(row.id)), details: details && JSON.parse(details) };
}

/** A recipient: contact, message and the number they were imported with. */
async function recipient(nth: number) {
  const rows = await t.db.execute<{ id: string; contact_id: string }>(sql`
    select id, contact_id from messages where state = 'delivered' order by contact_id`);
  const row = rows[nth];
  if (!row) throw new Error("too few recipients");
  return { ...row, digits: `34600${100_000 + campaign.contactIds.indexOf(row.contact_id)}` };
}

async function engagement(messageId: string) {
  const [row] = await t.db.execute<{ replied: boolean; opted_out: boolean }>(sql`
    select replied_at is not null as replied, opted_out_at is not null as opted_out from messages where id = ${messageId}`);
  return row;
}

test("every kind of message is kept with what came in it, readable under the person's key alone", async () => {
  const { digits: from } = await recipient(0);
  const picture = item({
    from,
    type: "image",
    image: { id: "m1", mime_type: "image/jpeg", sha256: "aa", caption: "¿Lo tenéis?" },
  });
  const place = item({ from, type: "location", location: { latitude: 40.4, longitude: -3.7, name: "Sol" } });
  const order = item({
    from,
    type: "order",
    order: { catalog_id: "c", text: "Dos", product_items: [{ product_retailer_id: "p", quantity: 2 }] },
  });
  const flow = item({
    from,
    type: "interactive",
    interactive: { type: "nfm_reply", nfm_reply: { name: "flow", body: "Sent", response_json: '{"size":"38"}' } },
  });
  const ad = item({
    from,
    type: "text",
    text: { body: "Hola" },
    referral: { source_id: "ad1", source_type: "ad", ctwa_clid: "click1" },
  });
  const forwarded = item({ from, type: "text", text: { body: "mira" }, context: { forwarded: true } });
  const future = item({ from, type: "hologram", hologram: { colour: "blue" } });
  const unsupported = item({
    from,
    type: "unsupported",
    unsupported: { type: "poll" },
    errors: [{ code: 131051, title: "Unsupported" }],
  });
  const items = [picture, place, order, flow, ad, forwarded, future, unsupported];
  await recordInbound(campaign.world.worker, items);
  await recordInbound(campaign.world.worker, items);

  expect(await rowOf(picture)).toMatchObject({
    type: "image",
    body: "¿Lo tenéis?",
    details: { content: { id: "m1", mimeType: "image/jpeg" } },
  });
  expect(await rowOf(place)).toMatchObject({ body: null, details: { content: { latitude: 40.4, name: "Sol" } } });
  expect(await rowOf(order)).toMatchObject({
    body: "Dos",
    details: { content: { items: [{ productId: "p", quantity: 2 }] } },
  });
  expect(await rowOf(flow)).toMatchObject({
    classification: "button",
    details: { content: { response: { size: "38" } } },
  });
  expect(await rowOf(ad)).toMatchObject({
    body: "Hola",
    details: { referral: { sourceId: "ad1", clickId: "click1" } },
  });
  expect(await rowOf(forwarded)).toMatchObject({ is_forwarded: true, details: null });
  expect(await rowOf(future)).toMatchObject({
    type: "hologram",
    details: { content: { value: { hologram: { colour: "blue" } } } },
  });
  expect(await rowOf(unsupported)).toMatchObject({
    details: { content: { what: "poll" }, errors: [{ code: 131051 }] },
  });
  const sealed = (await rowOf(picture)).details_sealed;
  expect(sealed?.includes(Buffer.from("image/jpeg"))).toBe(false);
});

test("a reaction counts as an answer to the message it is on, and not when it is taken back", async () => {
  const [set, takenBack] = [await recipient(1), await recipient(2)];
  const reaction = (messageId: string, emoji?: string) => ({
    type: "reaction",
    reaction: { message_id: `wamid.${messageId}`, emoji },
  });
  const one = item({ from: set.digits, ...reaction(set.id, "👍") });
  const other = item({ from: takenBack.digits, ...reaction(takenBack.id) });
  await recordInbound(campaign.world.worker, [one, other]);
  expect(await rowOf(one)).toMatchObject({ classification: "reaction", attributed_by: "reaction" });
  expect(await engagement(set.id)).toEqual({ replied: true, opted_out: false });
  expect(await engagement(takenBack.id)).toEqual({ replied: false, opted_out: false });
});

test("a tap without a quote is attributed to the last message the person got, and said to be inferred", async () => {
  const { id, digits: from } = await recipient(3);
  const tap = item({ from, type: "button", button: { payload: "SIZE_38", text: "38" } });
  await recordInbound(campaign.world.worker, [tap]);
  expect(await rowOf(tap)).toMatchObject({ classification: "button", attributed_by: "inferred", body: "38" });
  expect(await engagement(id)).toEqual({ replied: true, opted_out: false });
});

test("what is edited or taken back is marked, whatever comes first, and stays as it was written", async () => {
  const { digits: from } = await recipient(4);
  const first = item({ from, type: "text", text: { body: "uno" } });
  const second = item({ from, type: "text", text: { body: "dos" } });
  const edit = item({
    from,
    type: "edit",
    edit: { original_message_id: first.wamid, message: { type: "text", text: { body: "tres" } } },
  });
  const revoke = item({ from, type: "revoke", revoke: { original_message_id: second.wamid } });
  await recordInbound(campaign.world.worker, [revoke, first]);
  await recordInbound(campaign.world.worker, [second, edit]);
  const [one, other] = [await rowOf(first), await rowOf(second)];
  expect([one.body, one.edited_at !== null, one.revoked_at]).toEqual(["uno", true, null]);
  expect([other.body, other.edited_at, other.revoked_at !== null]).toEqual(["dos", null, true]);
  expect((await rowOf(edit)).body).toBe("tres");
});

test("a refusal that is taken back is a refusal", async () => {
  const { id, digits: from } = await recipient(5);
  const stop = item({ from, type: "text", text: { body: "BAJA" } });
  await recordInbound(campaign.world.worker, [
    stop,
    item({ from, type: "revoke", revoke: { original_message_id: stop.wamid } }),
  ]);
  expect((await rowOf(stop)).classification).toBe("opt_out");
  expect(await engagement(id)).toEqual({ replied: false, opted_out: true });
});

test("a message that names nobody fails alone, by a sentence", async () => {
  await expect(recordInbound(campaign.world.worker, [item({ type: "text", text: { body: "hola" } })])).rejects.toThrow(
    "names nobody",
  );
});

const samples = join(process.cwd(), "..", "shared", "whatsapp", "samples");
test.skipIf(!existsSync(samples))("every inbound sample of the reference is kept under somebody", async () => {
  const files = readdirSync(samples).filter((file) => file.startsWith("inbound-") && file.endsWith(".json"));
  const items = files.flatMap((file) => {
    const body = readFileSync(join(samples, file), "utf8");
    const parsed = parseWebhook(body);
    return parsed.kind === "items" ? parsed.items.filter((one) => one.kind === "message") : [];
  });
  expect(items.length).toBeGreaterThanOrEqual(28);
  await recordInbound(campaign.world.worker, items);
  const wamids = [...new Set(items.map(({ wamid }) => wamid))];
  const [row] = await t.db.execute<{ n: number }>(sql`
    select count(*)::int as n from inbound_messages where wamid in (${sql.join(
      wamids.map((one) => sql`${one}`),
      sql`, `,
    )})`);
  expect(row?.n).toBe(wamids.length);
});
