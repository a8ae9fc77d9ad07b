import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { newId } from "@/lib/foundation/ids";
import type { Context } from "@/lib/identity/context";
import { seal } from "@/lib/keystore/cipher";
import { installationKey } from "@/lib/keystore/installation-key";
import { secretPlace } from "@/lib/numbers/number";
import { type SentCampaign, sentCampaign } from "@/lib/sending/testing/sent-campaign";
import { parseWebhook } from "@/lib/whatsapp/webhooks";
import { fetchMedia } from "./commands/fetch-media";
import { recordInbound } from "./commands/record-inbound";
import { judgeFile, MOST_INBOUND_BYTES } from "./media";
import { getConversation } from "./queries/get-conversation";
import { getInboundMedia } from "./queries/get-inbound-media";

const t = await testDatabase();

interface FileAtMeta {
  type: string;
  bytes: Buffer;
  /** What Meta says of it, where that is not so. */
  says?: { size?: number; sha256?: string };
  refused?: { status: number; code: number };
}
let files: Record<string, FileAtMeta> = {};
let calls: string[] = [];
const meta = createServer((request, response) => {
  const [, , id = "", part] = (request.url ?? "").replace(/\?.*$/, "").split("/");
  calls.push(part ? `${id} bytes` : id);
  const file = files[id];
  const { status, code } = file?.refused ?? { status: 400, code: 100 };
  if (!file || file.refused) {
    const error = { message: `(#${code})`, code, ...(code === 100 && { error_subcode: 33 }) };
    return response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify({ error }));
  }
  if (part) return response.end(file.bytes);
  const sha256 = file.says?.sha256 ?? createHash("sha256").update(file.bytes).digest("hex");
  const node = {
    id,
    url: `${url}/v25.0/${id}/bytes`,
    mime_type: file.type,
    sha256,
    file_size: file.says?.size ?? file.bytes.length,
  };
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(node));
});
await new Promise<void>((resolve) => meta.listen(0, "127.0.0.1", resolve));
const url = `http://127.0.0.1:${(meta.address() as AddressInfo).port}`; // it listens on a port, not on a pipe

afterAll(async () => {
  meta.closeAllConnections();
  await new Promise((resolve) => meta.close(resolve));
  await t.close();
});

let campaign: SentCampaign;
let worker: Context;
let lucia: Context;
let people: { contactId: string; digits: string }[];
beforeAll(async () => {
  campaign = await sentCampaign(t, 8);
  worker = campaign.world.worker;
  lucia = campaign.world.people.lucia;
  const { numberId } = campaign.world.ids;
  const token = seal(installationKey(t.secrets.keyEncryptionKey), "a-token", secretPlace("token", numberId));
  await t.db.execute(sql`update phone_numbers set base_url = ${url}, token_sealed = ${token} where id = ${numberId}`);
  people = campaign.contactIds.map((contactId, nth) => ({ contactId, digits: `34600${100_000 + nth}` }));
});
beforeEach(async () => {
  files = {};
  calls = [];
  await t.db.execute(sql`delete from inbound_media`);
  await t.db.execute(sql`delete from account_calls`);
});

let number = 0;
/** Somebody sends a file. */
async function sends(nth: number, id: string, { type = "image", at = worker }: { type?: string; at?: Context } = {}) {
  number += 1;
  const timestamp = String(Math.floor(worker.now().getTime() / 1_000) + number);
  const person = people[nth];
  if (!person) throw new Error("too few people");
  const head = { id: `wamid.file.${number}`, timestamp, from: person.digits };
  const message = { ...head, type, [type]: { id, mime_type: "image/jpeg", sha256: "aa", caption: "¿Este?" } };
  const value = { metadata: { phone_number_id: "800000000000001" }, messages: [message] };
  const parsed = parseWebhook(
    JSON.stringify({ entry: [{ id: "900000000000001", changes: [{ field: "messages", value }] }] }),
  );
  const items = parsed.kind === "items" ? parsed.items.filter((item) => item.kind === "message") : [];
  await recordInbound(at, items);
  await recordInbound(at, items); // told twice is one message, and one file
  return person.contactId;
}

const later = (hours: number): Context => ({
  ...worker,
  now: () => new Date(worker.now().getTime() + hours * 3_600_000),
});
const rows = () =>
  t.db.execute<{ id: string; state: string; size: number | null; sealed: Buffer | null; tries: number }>(sql`
    select message_id as id, state, byte_size as size, sealed, tries from inbound_media order by received_at, message_id`);
const picture = Buffer.from("a picture of somebody's kitchen");

test("a picture is fetched once, sealed under the person's key, and shown with its message", async () => {
  files = { m1: { type: "image/jpeg", bytes: picture } };
  const contactId = await sends(0, "m1");
  expect(await rows()).toMatchObject([{ state: "waiting" }]);
  expect(await fetchMedia(worker)).toBe(1);
  expect(await fetchMedia(worker)).toBe(0);
  const [row] = await rows();
  expect(row).toMatchObject({ state: "kept", size: picture.length });
  expect(row?.sealed?.includes(picture)).toBe(false);
  expect(calls).toEqual(["m1", "m1 bytes"]);
  const { items } = await getConversation(lucia, { contactId });
  expect(items.find(({ kind }) => kind === "in")).toMatchObject({
    file: { state: "kept", mimeType: "image/jpeg", byteSize: picture.length },
  });
  const messageId = row?.id ?? "";
  expect(await getInboundMedia(lucia, { contactId, messageId })).toEqual({ bytes: picture, mimeType: "image/jpeg" });
  const other = people[1]?.contactId ?? "";
  await expect(getInboundMedia(lucia, { contactId: other, messageId })).rejects.toMatchObject({ code: "not_found" });
});

test("what is too large or of a kind that we do not keep is not fetched, and says so", async () => {
  files = {
    big: { type: "application/pdf", bytes: picture, says: { size: MOST_INBOUND_BYTES + 1 } },
    page: { type: "text/html", bytes: Buffer.from("<script>") },
    voice: { type: "audio/ogg; codecs=opus", bytes: picture },
  };
  for (const id of Object.keys(files)) await sends(1, id, { type: "document" });
  await fetchMedia(worker);
  expect((await rows()).map(({ state }) => state).sort()).toEqual(["kept", "too_large", "unwanted"]);
  expect(calls.filter((call) => call.endsWith("bytes"))).toEqual(["voice bytes"]);
});

test.each([
  ["a file at the limit", "application/pdf", MOST_INBOUND_BYTES, "kept"],
  ["one byte more", "application/pdf", MOST_INBOUND_BYTES + 1, "too_large"],
  ["a program", "application/x-msdownload", 10, "unwanted"],
  ["a picture that is a page", "image/svg+xml", 10, "unwanted"],
])("%s is judged before it is fetched", (_, mimeType, byteSize, judged) => {
  expect(judgeFile({ mimeType, byteSize })).toBe(judged);
});

test("a file that says it is small and is not, or is not the one it says, is not kept", async () => {
  files = {
    liar: { type: "image/jpeg", bytes: Buffer.alloc(MOST_INBOUND_BYTES + 1), says: { size: 10 } },
    other: { type: "image/jpeg", bytes: picture, says: { sha256: "0".repeat(64) } },
  };
  await sends(2, "liar");
  await sends(2, "other");
  await fetchMedia(worker);
  expect((await rows()).map(({ state, sealed }) => [state, sealed])).toEqual([
    ["waiting", null],
    ["waiting", null],
  ]);
});

test("what Meta cannot give now is asked for again, less and less often, and given up when Meta has forgotten it", async () => {
  files = { slow: { type: "image/jpeg", bytes: picture, refused: { status: 500, code: 131000 } } };
  await sends(3, "slow");
  await fetchMedia(worker);
  expect(await fetchMedia(worker)).toBe(0); // not before its time
  expect(await fetchMedia(later(0.1))).toBe(1);
  expect(await fetchMedia(later(0.2))).toBe(0);
  expect(await rows()).toMatchObject([{ state: "waiting", tries: 2 }]);
  await fetchMedia(later(8 * 24));
  expect(await rows()).toMatchObject([{ state: "gone" }]);
});

test("a file that Meta does not know is gone, and an account that has to wait loses no try", async () => {
  await sends(4, "unknown");
  await fetchMedia(worker);
  expect(await rows()).toMatchObject([{ state: "gone" }]);
  await t.db.execute(sql`delete from inbound_media`);
  files = { busy: { type: "image/jpeg", bytes: picture, refused: { status: 400, code: 80_007 } } };
  await sends(4, "busy");
  await fetchMedia(worker);
  expect(await rows()).toMatchObject([{ state: "waiting", tries: 0 }]);
});

test("erased before it was fetched, or while it is on its way: nothing of it is kept", async () => {
  files = { m2: { type: "image/jpeg", bytes: picture }, m3: { type: "image/jpeg", bytes: picture } };
  const erased = await sends(5, "m2");
  await t.db.execute(sql`select erase_people(array[${erased}::uuid], false, ${worker.now()}::timestamptz)`);
  expect(await rows()).toEqual([]);
  const keyless = await sends(6, "m3");
  await t.keystore.destroy([keyless]);
  await fetchMedia(worker);
  expect(await rows()).toMatchObject([{ state: "gone", sealed: null }]);
  expect(calls).toEqual([]);
});

test("only who reads conversations sees files", async () => {
  const asked = { contactId: people[0]?.contactId ?? "", messageId: newId() };
  const executive = await campaign.world.person("Eva Gil", "executive");
  await expect(getInboundMedia(executive, asked)).rejects.toMatchObject({ code: "forbidden" });
});
