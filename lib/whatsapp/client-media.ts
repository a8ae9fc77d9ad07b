import * as z from "zod";
import { success } from "./graph";
import { type GraphCaller, type GraphResult, readResult } from "./graph-caller";

export interface MediaFile {
  bytes: Uint8Array;
  fileName: string;
  mimeType: string;
}

export const uploadedMedia = z.looseObject({ id: z.coerce.string() });
export const mediaNode = z.looseObject({
  id: z.coerce.string(),
  /** Valid for five minutes, with the token. */
  url: z.string(),
  mime_type: z.string(),
  /** Of the bytes, in hexadecimal. */
  sha256: z.string(),
  file_size: z.coerce.number(),
});
export const uploadSession = z.looseObject({ id: z.string().regex(/^upload:/) });
export const uploadHandle = z.looseObject({ h: z.string() });

/** Meta's largest file, a document of 100 MB, over a slow line. */
const patience = { headersMs: 5 * 60_000, totalMs: 5 * 60_000 };
const MAX_FILE_BYTES = 101 * 1024 * 1024;

export function mediaCalls(caller: GraphCaller) {
  const { call, exchange, fetchFrom } = caller;

  /** Opens a resumable upload; its bytes follow in one or more posts. */
  const openUpload = (
    appId: string,
    { fileName, mimeType, size }: { fileName: string; mimeType: string; size: number },
  ) =>
    call(
      {
        method: "POST",
        path: `/${appId}/uploads`,
        query: { file_name: fileName, file_length: size, file_type: mimeType },
      },
      uploadSession,
    );

  /** The rest of a file from `offset` on; the answer's handle names the complete file. */
  async function sendUpload(sessionId: string, bytes: Uint8Array, offset = 0): Promise<GraphResult<{ h: string }>> {
    const headers = {
      authorization: caller.oauth,
      file_offset: String(offset),
      "content-type": "application/octet-stream",
    };
    const body = bytes.subarray(offset);
    return readResult(await exchange({ method: "POST", path: `/${sessionId}`, headers, body, patience }), uploadHandle);
  }

  return {
    openUpload,
    sendUpload,

    /**
     * Uploads the example of a template's header, and gives the handle that the draft names.
     * @param appId the app of the token; `app` stands for it
     */
    async uploadExample(
      appId: string,
      { bytes, fileName, mimeType }: MediaFile,
    ): Promise<GraphResult<{ handle: string }>> {
      const session = await openUpload(appId, { fileName, mimeType, size: bytes.length });
      if (session.kind !== "ok") return session;
      const sent = await sendUpload(session.value.id, bytes);
      return sent.kind === "ok" ? { kind: "ok", value: { handle: sent.value.h } } : sent;
    },

    /** Puts a file at Meta, where its id can be sent for 30 days (media.ts). */
    async uploadMedia(phoneNumberId: string, file: MediaFile): Promise<GraphResult<{ id: string }>> {
      const { body, contentType } = await formOf(file);
      const request = { method: "POST" as const, path: `/${phoneNumberId}/media`, body, patience };
      return readResult(await exchange({ ...request, headers: { "content-type": contentType } }), uploadedMedia);
    },

    /** With `phoneNumberId`, Meta only answers when the file is that number's. */
    getMedia: (mediaId: string, phoneNumberId?: string) =>
      call({ method: "GET", path: `/${mediaId}`, query: { phone_number_id: phoneNumberId } }, mediaNode),

    /** The bytes behind a media address (of `getMedia`, or of a webhook); a longer answer is broken off. */
    async downloadMedia(
      url: string,
      { mostBytes = MAX_FILE_BYTES }: { mostBytes?: number } = {},
    ): Promise<GraphResult<Buffer>> {
      if (!URL.canParse(url)) return { kind: "unavailable", reason: "address_invalid" };
      const answer = await fetchFrom(new URL(url), { patience, maxAnswerBytes: mostBytes });
      if (answer.kind === "answer" && answer.status === 200) return { kind: "ok", value: answer.body };
      return readResult(answer, z.never());
    },

    deleteMedia: (mediaId: string, phoneNumberId?: string) =>
      call({ method: "DELETE", path: `/${mediaId}`, query: { phone_number_id: phoneNumberId } }, success),
  };
}

/** `multipart/form-data` as bytes, so that its length is known and nothing streams while a connection is held. */
async function formOf({ bytes, fileName, mimeType }: MediaFile): Promise<{ body: Uint8Array; contentType: string }> {
  const form = new FormData();
  form.set("messaging_product", "whatsapp");
  form.set("type", mimeType);
  form.set("file", new File([Uint8Array.from(bytes)], fileName, { type: mimeType }));
  const response = new Response(form);
  return {
    body: new Uint8Array(await response.arrayBuffer()),
    contentType: response.headers.get("content-type") ?? "multipart/form-data",
  };
}
