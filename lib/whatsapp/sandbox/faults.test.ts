import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { createCloudApi } from "../client";
import { createSandboxControl } from "./control";
import { FaultScript, plannedFault } from "./faults";
import { type RunningSandbox, startSandbox } from "./server";
import { approveOffer, closeAll, closeLater, offer, offerDraft, quiet, RUSH, setUp, TUESDAY } from "./testing";

afterEach(closeAll);

const PHONE = "+34600000001";

test("a fault meets the calls that it names, after so many, so many times, and between its times", () => {
  let now = Date.parse("2026-11-24T09:00:00Z");
  const script = new FaultScript(1, () => now);
  const plan = (fault: object) => script.add(plannedFault.parse(fault));
  plan({ kind: "hang", on: "templates" });
  plan({ kind: "cut", after: 2, times: 2 });
  const kinds = (count: number, on: Parameters<FaultScript["next"]>[0] = "messages") =>
    Array.from({ length: count }, () => script.next(on)?.kind);
  expect(kinds(5)).toEqual([undefined, undefined, "cut", "cut", undefined]);
  expect(kinds(2, "templates")).toEqual(["hang", undefined]);

  plan({ kind: "malformed", on: "any", from: "2026-11-24T10:00:00Z", until: "2026-11-24T11:00:00Z", times: 9 });
  expect(kinds(1)).toEqual([undefined]);
  now += 3_600_000;
  expect([...kinds(1), ...kinds(1, "media"), ...kinds(1, "webhooks")]).toEqual(["malformed", "malformed", undefined]);
  now += 3_600_000;
  expect(kinds(1)).toEqual([undefined]);
});

test("a share of calls is the same share in every run with the same seed", () => {
  const run = (seed: number) => {
    const script = new FaultScript(seed, () => 0);
    script.add(plannedFault.parse({ kind: "cut", share: 0.3, times: 1_000 }));
    return Array.from({ length: 1_000 }, () => script.next("messages") !== undefined);
  };
  expect(run(5)).toEqual(run(5));
  expect(run(5)).not.toEqual(run(6));
  const met = run(5).filter(Boolean).length;
  expect(met).toBeGreaterThan(200);
  expect(met).toBeLessThan(400);
});

test("a cut answer announces all of itself and breaks off in the middle; a slow one comes whole", async () => {
  const { sandbox, control } = await setUp({ seed: 1 });
  const list = `/v25.0/${sandbox.wabaId}/message_templates`;
  const whole = await rawAnswer(sandbox, list);
  await control.planFaults([
    { kind: "cut", on: "templates" },
    { kind: "slow_body", ms: 20, on: "templates" },
  ]);
  const cut = await rawAnswer(sandbox, list);
  expect(cut.announced).toBe(whole.body.length);
  expect(cut.body).toBe(whole.body.slice(0, Math.ceil(whole.body.length / 2)));
  expect((await rawAnswer(sandbox, list)).body).toBe(whole.body);
});

/** What a socket gets for a GET, until the other end closes it or everything announced has come. */
async function rawAnswer({ url, token }: RunningSandbox, path: string) {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\nconnection: close\r\n\r\n`);
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  socket.on("error", () => undefined);
  await once(socket, "close");
  const [head = "", body = ""] = Buffer.concat(chunks).toString("utf8").split("\r\n\r\n");
  return { announced: Number(/content-length: (\d+)/i.exec(head)?.[1]), body };
}

test("management calls meet errors, too, and the control calls never do", async () => {
  const { api, sandbox, control } = await setUp({ seed: 1 });
  await control.planFaults([{ kind: "error", status: 400, code: 80007, on: "any", times: 2 }]);
  expect(await api.listTemplates(sandbox.wabaId)).toMatchObject({ kind: "refused", code: 80007 });
  await control.state();
  expect(await api.createTemplate(sandbox.wabaId, offerDraft("oferta_a"))).toMatchObject({ code: 80007 });
  expect(await api.listTemplates(sandbox.wabaId)).toMatchObject({ kind: "ok" });
});

test("webhooks that are not posted at all come later, none is lost", async () => {
  const rehearsal = await setUp({ seed: 1 });
  await approveOffer(rehearsal);
  await rehearsal.control.planFaults([
    { on: "webhooks", kind: "status", status: 500, times: 2 },
    { on: "webhooks", kind: "latency", ms: 5 },
  ]);
  await rehearsal.api.sendMessage(rehearsal.sandbox.phoneNumberId, offer(PHONE));
  await quiet(rehearsal);
  const { counts } = await rehearsal.control.state();
  const told = new Set(rehearsal.receiver.webhooks.flatMap((item) => (item.kind === "status" ? [item.status] : [])));
  expect(told.size).toBe([counts.sent, counts.delivered, counts.read, counts.failed].filter((n) => n > 0).length);
});

test("a sandbox that is killed in the middle of an answer has taken the message once, and tells of it after the restart", async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "contraste-sandbox-"));
  closeLater(() => rm(dataDir, { recursive: true }));
  const { receiver, sandbox: listening } = await setUp({ seed: 1 });
  const secrets = { token: "SANDBOXtoken", appSecret: listening.appSecret };
  const first = await startInProcess(dataDir, secrets);
  const api = createCloudApi({ baseUrl: first.url, apiVersion: "v25.0", token: secrets.token });
  closeLater(api.close);
  const control = createSandboxControl({ url: first.url, token: secrets.token });
  closeLater(control.close);
  await control.changeWorld({ webhook: { url: `${receiver.origin}/webhooks` }, reviewSeconds: 0 });
  await approveOffer({ api, control, receiver, sandbox: listening });
  await control.setClock({ appNow: TUESDAY, speed: 0 });
  await control.planFaults([{ kind: "slow_body", ms: 600_000 }]);
  const sending = api.sendMessage(listening.phoneNumberId, offer(PHONE));
  while ((await control.state()).accepted === 0); // the answer is on its way by now
  first.kill();
  expect(await sending).toMatchObject({ kind: "ambiguous" });

  const second = await startSandbox({ dataDir, ...secrets });
  closeLater(second.close);
  const again = createSandboxControl(second);
  closeLater(again.close);
  expect(await again.messages(PHONE)).toMatchObject([{ callbackData: `callback:${PHONE}` }]);
  await again.setClock({ appNow: TUESDAY, speed: RUSH });
  await quiet({ control: again });
  const sent = receiver.webhooks.filter((item) => item.kind === "status" && item.status === "sent");
  expect(new Set(sent.map((item) => item.kind === "status" && item.callbackData))).toEqual(
    new Set([`callback:${PHONE}`]),
  );
});

/** A sandbox in a process of its own, which can be killed. */
async function startInProcess(dataDir: string, secrets: { token: string; appSecret: string }) {
  const code = `import("./lib/whatsapp/sandbox/server.ts").then(async ({ startSandbox }) => {
    const { url } = await startSandbox(${JSON.stringify({ dataDir, ...secrets })});
    process.send(url);
  })`;
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", code], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  closeLater(async () => child.kill("SIGKILL"));
  const [url] = await Promise.race([once(child, "message"), once(child, "exit")]);
  if (child.exitCode !== null) throw new Error("the sandbox did not start");
  return { url: String(url), kill: () => child.kill("SIGKILL") };
}
