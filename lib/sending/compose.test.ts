import { expect, test } from "vitest";
import { sealName } from "@/lib/audience/contact";
import { type Identifier, sealIdentifier } from "@/lib/audience/identifier";
import { composeMessage } from "./compose";

const contactId = "0193a000-0000-4000-8000-000000000001";
const key = Buffer.alloc(32, 7);
const text = (body: string) => [{ type: "BODY", text: body }];

const number = { kind: "phone", value: "+34600000001" } as const;

function compose(components: unknown, first = "Ana", address: Identifier & { kind: "phone" | "bsuid" } = number) {
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
      address: { kind: address.kind, sealed: sealIdentifier(key, contactId, address) },
      nameSealed: sealName(key, contactId, { full: first }),
      attributes: {},
    },
    key,
    mediaIds: new Map(),
    preferences: "their-own-link",
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

test("a message to somebody who hides their number goes to their user id", () => {
  const composed = compose(text("Hola {{1}}, ven a la tienda."), "Ana", {
    kind: "bsuid",
    value: "ES.13491208655302741918",
  });
  expect(composed).toMatchObject({ kind: "ready", request: { recipient: "ES.13491208655302741918" } });
  expect(composed).not.toHaveProperty("request.to");
});

test("what Meta would refuse is not sent: a text that grows too long for one person", () => {
  const long = text(`Hola {{1}}, ${"ven ".repeat(250)}`);
  expect(compose(long)).toMatchObject({ kind: "ready" });
  expect(compose(long, "Ana María de los Ángeles")).toEqual({ kind: "impossible", reason: "text_too_long" });
});

test("where a template leads to the preference page, the person's own signed ending stands, and is asked of nobody", () => {
  const components = [
    { type: "BODY", text: "Hola {{1}}. Tus preferencias: https://olmo.example/preferences/{{2}}" },
    {
      type: "BUTTONS",
      buttons: [{ type: "URL", text: "Preferencias", url: "https://olmo.example/preferences/{{1}}" }],
    },
  ];
  expect(compose(components)).toMatchObject({
    kind: "ready",
    request: {
      template: {
        components: [
          { type: "body", parameters: [{ text: "Ana" }, { text: "their-own-link" }] },
          { type: "button", sub_type: "url", index: "0", parameters: [{ text: "their-own-link" }] },
        ],
      },
    },
  });
});
