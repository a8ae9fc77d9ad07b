import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { type GraphRehearsal, setUpGraph } from "./graph-testing";
import { startSandbox } from "./server";
import { closeAll, closeLater } from "./testing";

afterEach(closeAll);

const JPEG = new Uint8Array([0xff, 0xd8, 0xff, 1, 2, 3]);
const DAY = 86_400;

function upload({ call, sandbox }: GraphRehearsal, bytes: Uint8Array<ArrayBuffer>, type: string, field = type) {
  const form = new FormData();
  form.set("messaging_product", "whatsapp");
  form.set("type", field);
  form.set("file", new Blob([bytes], { type }), "foto.jpg");
  return call("POST", `${sandbox.phoneNumberId}/media`, form);
}

test("a file is uploaded, described, fetched with the token, and deleted", async () => {
  const graph = await setUpGraph();
  const { call, sandbox } = graph;
  const { body } = await upload(graph, JPEG, "image/jpeg");
  const { body: media } = await call("GET", `${body.id}?phone_number_id=${sandbox.phoneNumberId}`);
  expect(media).toMatchObject({
    ...{ id: body.id, messaging_product: "whatsapp", mime_type: "image/jpeg", file_size: "6" },
    sha256: createHash("sha256").update(JPEG).digest("hex"),
  });
  expect((await fetch(media.url)).status).toBe(401);
  const file = await fetch(media.url, { headers: { authorization: `Bearer ${sandbox.token}` } });
  expect(file.headers.get("content-type")).toBe("image/jpeg");
  expect(new Uint8Array(await file.arrayBuffer())).toEqual(JPEG);
  const forged = media.url.replace(/hash=./, "hash=_");
  expect((await fetch(forged, { headers: { authorization: `Bearer ${sandbox.token}` } })).status).toBe(404);
  expect(await call("DELETE", body.id)).toMatchObject({ body: { success: true } });
  expect(await call("GET", body.id)).toMatchObject({ status: 400, body: { error: { code: 100, error_subcode: 33 } } });
});

test("an upload that names its type only at the file, and its product in the query, is taken", async () => {
  const { call, sandbox } = await setUpGraph();
  const form = new FormData();
  form.set("file", new Blob([JPEG], { type: "image/jpeg" }), "foto.jpg");
  const answer = await call("POST", `${sandbox.phoneNumberId}/media?messaging_product=whatsapp`, form);
  expect(answer).toMatchObject({ status: 200, body: { id: expect.stringMatching(/^\d+$/) } });
});

test("files of wrong type or size are refused", async () => {
  const graph = await setUpGraph();
  const refused = { status: 400, body: { error: { code: 100 } } };
  expect(await upload(graph, JPEG, "image/gif")).toMatchObject(refused);
  expect(await upload(graph, new Uint8Array(5 * 1024 * 1024 + 1), "image/jpeg")).toMatchObject(refused);
  expect(await upload(graph, new Uint8Array(101 * 1024), "image/webp")).toMatchObject(refused);
  expect(await upload(graph, new Uint8Array(0), "image/jpeg")).toMatchObject(refused);
  expect(await graph.call("POST", `${graph.sandbox.phoneNumberId}/media`, {})).toMatchObject(refused);
});

test("a media id is known for 30 days", async () => {
  const graph = await setUpGraph();
  const { body } = await upload(graph, JPEG, "image/jpeg");
  await graph.pass(29 * DAY);
  expect(await graph.call("GET", body.id)).toMatchObject({ status: 200 });
  await graph.pass(DAY + 1);
  expect(await graph.call("GET", body.id)).toMatchObject({ body: { error: { code: 100, error_subcode: 33 } } });
});

test("a resumable upload takes bytes from where it stopped, and its handle makes an example", async () => {
  const { call, create, sandbox } = await setUpGraph();
  const { body: session } = await call(
    "POST",
    `${sandbox.appId}/uploads?file_name=a.jpg&file_length=6&file_type=image/jpeg`,
  );
  expect(session.id).toMatch(/^upload:/);
  const part = (bytes: Uint8Array, offset: number) =>
    call("POST", session.id, bytes, {
      authorization: `OAuth ${sandbox.token}`,
      file_offset: String(offset),
      "content-type": "application/octet-stream",
    });
  await part(JPEG.subarray(0, 4), 0);
  expect(await call("GET", session.id)).toMatchObject({ body: { id: session.id, file_offset: 4 } });
  expect(await part(JPEG.subarray(4), 3)).toMatchObject({ status: 400 });
  const { body: done } = await part(JPEG.subarray(4), 4);
  expect(done.h).toMatch(/^4::/);
  const draft = (handle: string) => ({
    ...{ name: `foto_${handle.length}`, language: "es", category: "MARKETING" },
    components: [
      { type: "HEADER", format: "IMAGE", example: { header_handle: [handle] } },
      { type: "BODY", text: `Mira esto ${handle.length}` },
    ],
  });
  expect(await create(draft(done.h))).toMatchObject({ body: { status: "PENDING" } });
  expect(await create(draft("4::invented"))).toMatchObject({ status: 400, body: { error: { code: 100 } } });
});

test("a file that is missing, gone or of another kind fails the message afterwards with 131053", async () => {
  const graph = await setUpGraph();
  const { body } = await upload(graph, new Uint8Array([1]), "audio/mpeg");
  await graph.hearFrom();
  await graph.pass(1);
  for (const image of [{ id: body.id }, { id: "600000000009999" }]) {
    expect(await graph.send({ type: "image", image })).toMatchObject({ status: 200 });
  }
  await graph.pass(10);
  const failed = graph.heard("status").filter((item) => "status" in item && item.status === "failed");
  expect(failed).toHaveLength(2);
  expect(failed).toEqual(
    expect.arrayContaining([expect.objectContaining({ errors: [expect.objectContaining({ code: 131053 })] })]),
  );
});

test("media ids and handles survive a restart", async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "contraste-sandbox-"));
  closeLater(() => rm(dataDir, { recursive: true }));
  const first = await startSandbox({ dataDir });
  const headers = { authorization: `Bearer ${first.token}` };
  const form = new FormData();
  form.set("messaging_product", "whatsapp");
  form.set("file", new Blob([JPEG], { type: "image/jpeg" }), "foto.jpg");
  const uploaded = await fetch(`${first.url}/v25.0/${first.phoneNumberId}/media`, {
    ...{ method: "POST", headers, body: form },
  });
  const { id } = await uploaded.json();
  await first.close();
  const second = await startSandbox({ dataDir });
  closeLater(second.close);
  const { url } = await (await fetch(`${second.url}/v25.0/${id}`, { headers })).json();
  expect(new Uint8Array(await (await fetch(url, { headers })).arrayBuffer())).toEqual(JPEG);
});
