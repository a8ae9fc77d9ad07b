import type { FastifyInstance } from "fastify";
import * as z from "zod";
import { faultBody, unknownObject } from "./graph-errors";
import type { SandboxParts } from "./sandbox-parts";
import type { StoredTemplate } from "./template-shelf";
import { componentsUpdate, statusUpdate } from "./template-updates";

/** What Meta does to a template by itself, on demand. */
const templateEvent = z.discriminatedUnion("event", [
  z.object({ event: z.literal("quality"), score: z.enum(["UNKNOWN", "GREEN", "YELLOW", "RED"]) }),
  z.object({
    event: z.literal("reclassify"),
    to: z.enum(["MARKETING", "UTILITY", "AUTHENTICATION"]),
    noticeSeconds: z.number().min(0).default(86_400),
  }),
  z.object({ event: z.literal("components"), components: z.array(z.looseObject({ type: z.string() })) }),
  z.object({ event: z.enum(["pause", "disable", "unpause", "flag", "reinstate", "archive", "unarchive"]) }),
]);
export type TemplateEvent = z.input<typeof templateEvent>;

/** `POST /sandbox/templates/{id}/events`. */
export function registerTemplateControlRoutes(server: FastifyInstance, parts: SandboxParts) {
  server.post<{ Params: { id: string } }>("/sandbox/templates/:id/events", async (request, reply) => {
    const template = parts.shelf.get(request.params.id);
    if (!template) return reply.code(404).send(faultBody(unknownObject(request.params.id, "POST")));
    const read = templateEvent.safeParse(request.body);
    if (!read.success) return reply.code(400).send({ error: z.prettifyError(read.error) });
    befall(template, read.data, parts);
    parts.save();
    const { status, category, quality_score } = template;
    return { status, category, quality_score };
  });
}

function befall(template: StoredTemplate, what: z.infer<typeof templateEvent>, parts: SandboxParts) {
  const { life, engine, shelf, clock } = parts;
  const now = clock.now();
  switch (what.event) {
    case "quality":
      return life.setQuality(template, what.score, now);
    case "reclassify":
      return life.reclassify(template, what.to, what.noticeSeconds * 1_000);
    case "components":
      shelf.replaceComponents(template, what.components);
      return engine.post(componentsUpdate(template, now));
    case "pause":
      return life.pause(template, now);
    case "disable":
      return life.disable(template, now);
    case "unpause":
      return life.unpause(template, now);
    case "flag":
      return engine.post(statusUpdate(template, now, { event: "FLAGGED" }));
    case "archive":
      template.status = "ARCHIVED";
      return engine.post(statusUpdate(template, now, { event: "ARCHIVED" }));
    default:
      template.status = "APPROVED";
      return engine.post(
        statusUpdate(template, now, { event: what.event === "reinstate" ? "REINSTATED" : "UNARCHIVED" }),
      );
  }
}
