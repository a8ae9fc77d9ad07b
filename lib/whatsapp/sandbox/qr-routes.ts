import { randomBytes } from "node:crypto";
import type { FastifyInstance, FastifyRequest } from "fastify";
import * as z from "zod";
import { fault, Refusal, unknownObject } from "./graph-errors";
import { type ById, parametersOf, requireId } from "./graph-requests";
import type { SandboxParts } from "./sandbox-parts";

const MAX_MESSAGE_CHARACTERS = 140;
const input = z.object({
  code: z.string().optional(),
  prefilled_message: z.string().min(1).max(MAX_MESSAGE_CHARACTERS),
  generate_qr_image: z.enum(["SVG", "PNG"]).optional(),
});
type ByCode = { Params: { id: string; code: string } };

/** Links with a message to begin a chat with (`message_qrdls`). They last as long as the process. */
export function registerQrRoutes(server: FastifyInstance, { account }: SandboxParts) {
  const messages = new Map<string, string>();

  const shown = (code: string, image?: string) => ({
    code,
    prefilled_message: messages.get(code),
    deep_link_url: `https://wa.me/message/${code}`,
    ...(image && { qr_image_url: `https://media.example.test/qr/${code}.${image.toLowerCase()}` }),
  });
  const known = (request: FastifyRequest<ByCode>) => {
    requireId(request, account.phoneNumberId);
    const { code } = request.params;
    if (!messages.has(code)) throw new Refusal(unknownObject(code, request.method));
    return code;
  };

  server.post<ById>("/:version/:id/message_qrdls", async (request) => {
    requireId(request, account.phoneNumberId);
    const read = input.safeParse(parametersOf(request));
    if (!read.success) throw new Refusal(fault(100, "prefilled_message must have 1 to 140 characters."));
    const { code = randomBytes(7).toString("hex").toUpperCase(), prefilled_message: text } = read.data;
    if (read.data.code !== undefined && !messages.has(code)) throw new Refusal(unknownObject(code, "POST"));
    messages.set(code, text);
    return shown(code, read.data.generate_qr_image);
  });
  server.get<ById>("/:version/:id/message_qrdls", async (request) => {
    requireId(request, account.phoneNumberId);
    return { data: [...messages.keys()].map((code) => shown(code)) };
  });
  server.get<ByCode>("/:version/:id/message_qrdls/:code", async (request) => ({ data: [shown(known(request))] }));
  server.delete<ByCode>("/:version/:id/message_qrdls/:code", async (request) => {
    messages.delete(known(request));
    return { success: true };
  });
}
