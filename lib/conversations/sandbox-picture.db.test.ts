import { createHash } from "node:crypto";
import { sql } from "drizzle-orm";
import { afterAll, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { systemActor } from "@/lib/identity/actor";
import { connectNumber } from "@/lib/numbers/commands/connect-number";
import { createBrand } from "@/lib/numbers/commands/create-brand";
import { setUpGraph } from "@/lib/whatsapp/sandbox/graph-testing";
import { closeAll } from "@/lib/whatsapp/sandbox/testing";
import { fetchMedia } from "./commands/fetch-media";
import { recordInbound } from "./commands/record-inbound";
import { getInboundMedia } from "./queries/get-inbound-media";

const t = await testDatabase();
const graph = await setUpGraph();
afterAll(async () => {
  await closeAll();
  await t.close();
});

test("a picture that somebody sends at the sandbox is fetched from it, whole, as it would be from Meta", async () => {
  const now = () => new Date(graph.now());
  const terminal = t.context(systemActor("terminal"), { now });
  const worker = t.context(systemActor("worker"), { db: t.as("worker"), now });
  const { brandId } = await createBrand(terminal, { name: "Olmo", controller: "Olmo S. L." });
  const { wabaId, phoneNumberId, url: baseUrl, token, appSecret } = graph.sandbox;
  await connectNumber(terminal, {
    ...{ brandId, wabaId, phoneNumberId, baseUrl, token, appSecret, messagesPerSecond: 80, isSandbox: true },
    ...{ displayNumber: "+1 555-010-0100", verifiedName: "Olmo", apiVersion: "v25.0", verifyToken: "a verify token" },
  });
  await graph.control.act([{ phone: "+34600000001", do: { act: "photo", caption: "¿Tenéis este abrigo?" } }]);
  await graph.pass(1);
  const items = graph.receiver.webhooks.filter((item) => item.kind === "message");
  expect(items).toMatchObject([{ type: "image", text: "¿Tenéis este abrigo?" }]);
  await recordInbound(worker, items);
  expect(await fetchMedia(worker)).toBe(1);
  const [row] = await t.db.execute<{ contactId: string; messageId: string; state: string }>(sql`
    select contact_id as "contactId", message_id as "messageId", state from inbound_media`);
  expect(row?.state).toBe("kept");
  const { bytes, mimeType } = await getInboundMedia(worker, {
    contactId: row?.contactId ?? "",
    messageId: row?.messageId ?? "",
  });
  const content = items[0]?.content;
  expect(mimeType).toBe("image/png");
  expect(content).toMatchObject({ sha256: createHash("sha256").update(bytes).digest("hex") });
});
