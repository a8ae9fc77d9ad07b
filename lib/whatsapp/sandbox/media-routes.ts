import { createHmac } from "node:crypto";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { fault, Refusal, unknownObject } from "./graph-errors";
import { type ById, parametersOf, requireId } from "./graph-requests";
import { MAX_MEDIA_BYTES, mediaProblem, type StoredMedia } from "./media-store";
import type { SandboxParts } from "./sandbox-parts";
import { mayBeExample } from "./upload-sessions";

const BODY_LIMIT = MAX_MEDIA_BYTES + 1024 * 1024;
/** Addresses of files, as at Meta outside of the versioned paths. */
const FILES = "/whatsapp_business/attachments/";
/** In real time: whoever asks for an address follows it at once, however fast the world runs. */
const URL_VALID_MS = 5 * 60_000;

/** Media of messages, and resumable uploads for the examples of templates. */
export function registerMediaRoutes(server: FastifyInstance, parts: SandboxParts) {
  const { account, media, uploads } = parts;

  server.post<ById>("/:version/:id/media", { bodyLimit: BODY_LIMIT }, async (request) => {
    requireId(request, account.phoneNumberId);
    const { file, fields } = await formOf(request);
    if (fields.messaging_product !== "whatsapp") {
      throw new Refusal(fault(100, undefined, { message: "(#100) The parameter messaging_product is required." }));
    }
    if (!file) throw new Refusal(fault(100, undefined, { message: "(#100) The parameter file is required." }));
    const mimeType = fields.type ?? file.type;
    const bytes = Buffer.from(await file.arrayBuffer());
    const problem = mediaProblem(mimeType, bytes);
    if (problem) throw new Refusal(fault(100, undefined, { message: `(#100) ${problem}` }));
    const { id } = media.add({ mimeType, bytes, filename: file.name });
    parts.save();
    return { id };
  });

  server.get<{ Querystring: Record<string, string | undefined> }>(FILES, async (request, reply) => {
    const { mid = "", ext = "", hash = "" } = request.query;
    const found = hash === signatureOf(account.appSecret, mid, ext) ? media.get(mid) : undefined;
    if (!found || Number(ext) * 1_000 < Date.now()) return reply.code(404).send();
    return reply.type(found.mimeType).send(media.read(found));
  });

  server.post<ById>("/:version/:id/uploads", async (request) => {
    if (request.params.id !== "app") requireId(request, account.appId); // `app`: the one that the token belongs to
    const { file_length: length, file_type: mimeType } = parametersOf(request);
    if (!Number.isInteger(Number(length)) || Number(length) < 1 || typeof mimeType !== "string") {
      throw new Refusal(fault(100, undefined, { message: "(#100) file_length and file_type are required." }));
    }
    if (!mayBeExample(mimeType)) {
      throw new Refusal(fault(100, undefined, { message: `(#100) The file type ${mimeType} is not supported.` }));
    }
    return { id: uploads.open({ length: Number(length), mimeType }) };
  });
}

/** What `GET /{media-id}` answers. */
export function describeMedia(media: StoredMedia, request: FastifyRequest, { account }: SandboxParts) {
  const ext = String(Math.floor((Date.now() + URL_VALID_MS) / 1_000));
  const url = new URL(FILES, `${request.protocol}://${request.host}`);
  url.search = new URLSearchParams({
    mid: media.id,
    ext,
    hash: signatureOf(account.appSecret, media.id, ext),
  }).toString();
  return {
    messaging_product: "whatsapp",
    url: url.href,
    mime_type: media.mimeType,
    sha256: media.sha256,
    file_size: String(media.size),
    id: media.id,
  };
}

/** `POST /upload:…`: bytes from `file_offset` on; the handle when the file is complete. */
export function takeUpload(id: string, request: FastifyRequest, parts: SandboxParts) {
  const bytes = Buffer.isBuffer(request.body) ? request.body.length : 0;
  const result = parts.uploads.append(id, Number(request.headers.file_offset ?? 0), bytes);
  if (result === "unknown") throw new Refusal(unknownObject(id, "POST"));
  if (result === "wrong_offset") {
    throw new Refusal(fault(100, undefined, { message: "(#100) file_offset does not match what was received." }));
  }
  if (result === "partial") return { id, file_offset: parts.uploads.offsetOf(id) };
  parts.save();
  return { h: result.handle };
}

function signatureOf(secret: string, ...what: string[]): string {
  return createHmac("sha256", secret).update(what.join("\n")).digest("base64url");
}

/** Fields and file of a multipart body; fields may stand in the query as well. */
async function formOf(request: FastifyRequest): Promise<{ file?: File; fields: Record<string, string | undefined> }> {
  const query = request.query as Record<string, string | undefined>; // Fastify parses queries to an object.
  const contentType = request.headers["content-type"] ?? "";
  if (!Buffer.isBuffer(request.body) || !contentType.startsWith("multipart/form-data")) return { fields: query };
  const form = await new Response(new Uint8Array(request.body), { headers: { "content-type": contentType } })
    .formData()
    .catch(() => undefined);
  const fields = { ...query };
  let file: File | undefined;
  for (const [name, value] of form ?? []) {
    if (typeof value !== "string") file = value;
    else fields[name] = value;
  }
  return { file, fields };
}
