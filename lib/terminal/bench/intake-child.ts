import { createHash } from "node:crypto";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { sql } from "drizzle-orm";
import Fastify from "fastify";
import { array, connect } from "@/db/client";
import { newId } from "@/lib/foundation/ids";
import { loadSecrets } from "@/lib/foundation/secrets";
import { systemActor } from "@/lib/identity/actor";
import { openRuntime } from "@/lib/identity/runtime";
import { startIngress } from "@/lib/ingress/ingress";
import { DISPATCHERS, dispatchWebhooks } from "@/lib/intake/commands/dispatch-webhooks";
import { groupCommit } from "@/lib/intake/group-commit";

// A process of its own for each part, as in the product: the load must not sit on the server's event loop.

export interface ChildSettings {
  part: "ingress" | "reference" | "worker";
  databaseUrl: string;
  keystoreUrl: string;
  dataDir: string;
}

const BATCH_CONNECTIONS = 2;

process.once("message", (settings: ChildSettings) => {
  start(settings).then(
    (url) => process.send?.({ url }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
process.once("disconnect", () => process.exit(0));

async function start(settings: ChildSettings): Promise<string> {
  if (settings.part === "reference") return startReference(settings);
  const secrets = loadSecrets(settings.dataDir);
  if (settings.part === "ingress") {
    return (await startIngress({ ...settings, secrets, host: "127.0.0.1", port: 0 })).url;
  }
  const runtime = await openRuntime({ ...settings, secrets, role: "worker", maxConnections: 20 });
  const dispatch = async () => {
    while (true) if ((await dispatchWebhooks(await runtime.contextFor(systemActor("worker")))) === 0) await pause(20);
  };
  for (let n = 0; n < DISPATCHERS; n++) void dispatch();
  return "";
}

/** Fastify that answers 200 after the same rows were inserted in batches: no signature, no reading, no sealing. */
async function startReference({ databaseUrl }: ChildSettings): Promise<string> {
  const { db } = connect(databaseUrl, { max: BATCH_CONNECTIONS, role: "ingress" });
  const keyId = newId();
  const insert = groupCommit(async (bodies: readonly Buffer[]) => {
    await db.execute(sql`
      insert into webhook_inbox (lane, id, sha256, raw_sealed, key_id, status, received_at)
      select lane_of_hash(b.sha256), b.id, b.sha256, b.raw, ${keyId}::uuid, 'new', now()
      from unnest(${array(
        bodies.map(() => newId()),
        "uuid",
      )}, ${array(
        bodies.map((raw) => createHash("sha256").update(raw).digest()),
        "bytea",
      )}, ${array(bodies, "bytea")}) as b(id, sha256, raw)`);
    return bodies.map(() => true);
  });
  const server = Fastify({ logger: false });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  server.post("/webhooks/whatsapp", async (request) => {
    if (Buffer.isBuffer(request.body)) await insert(request.body);
    return { status: "stored" };
  });
  await server.listen({ host: "127.0.0.1", port: 0 });
  const address = server.server.address() as AddressInfo; // a TCP server that listens has one
  return `http://127.0.0.1:${address.port}`;
}
