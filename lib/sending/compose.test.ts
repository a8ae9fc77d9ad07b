import { expect, test } from "vitest";
import { sealName } from "@/lib/audience/contact";
import { sealIdentifier } from "@/lib/audience/identifier";
import { composeMessage } from "./compose";

const contactId = "0193a000-0000-4000-8000-000000000001";
const key = Buffer.alloc(32, 7);
const text = (body: string) => [{ type: "BODY", text: body }];

function compose(components: unknown, first = "Ana") {
  return composeMessage({
    lane: 1,
    attemptId: "0193a000-0000-7000-8000-000000000002",
    linkCode: null,
    variant: {
      templateName: "rebajas",
      language: "es",
      components,
      parameterFormat: "POSITIONAL",
      parameters: { "body.1": { source: "name", fallback: null } },
    },
    contact: {
      contactId,
      phoneSealed: sealIdentifier(key, contactId, { kind: "phone", value: "+34600000001" }),
      nameSealed: sealName(key, contactId, { full: first }),
      attributes: {},
    },
    key,
    mediaIds: new Map(),
  });
}

test("a message goes to the person's number, with their own values", () => {
  expect(compose(text("Hola {{1}}, ven a la tienda."))).toMatchObject({
    kind: "ready",
    request: {
      to: "+34600000001",
      template: { name: "rebajas", components: [{ type: "body", parameters: [{ type: "text", text: "Ana" }] }] },
    },
  });
});

test("what Meta would refuse is not sent: a text that grows too long for one person", () => {
  const long = text(`Hola {{1}}, ${"ven ".repeat(250)}`);
  expect(compose(long)).toMatchObject({ kind: "ready" });
  expect(compose(long, "Ana María de los Ángeles")).toEqual({ kind: "impossible", reason: "text_too_long" });
});
