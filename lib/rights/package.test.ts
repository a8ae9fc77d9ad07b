import { expect, test } from "vitest";
import { createFormats } from "@/lib/i18n/formats";
import { translator } from "@/lib/i18n/translator";
import { type AccessPackage, portablePart, redact } from "./package";
import { packageHtml } from "./package-html";
import { addMonths, blockedUntil, daysLeft, dueAt, urgencyOf } from "./request";

const at = "2026-12-01T09:00:00.000Z";
const file = { mimeType: "image/jpeg", byteSize: 5, base64: Buffer.from("Berta").toString("base64") };
const whole: AccessPackage = {
  format: "contraste-access/1",
  generatedAt: at,
  controllers: [{ brand: "Olmo", controller: "Olmo S. L." }],
  person: {
    id: "con_1",
    name: `Ana <script>alert("1")</script>`,
    country: "ES",
    language: null,
    timeZone: null,
    ageAtLeast: 18,
    attributes: { city: "Soria & más" },
    knownSince: at,
    restrictedSince: null,
  },
  identifiers: [{ kind: "phone", value: "+34600111222", since: at, until: null }],
  consent: [
    {
      id: "e1",
      type: "granted",
      purpose: "Novedades",
      scope: "purpose",
      lawfulBasis: "consent",
      source: "web_form",
      reportedBy: "person",
      at,
      recordedAt: at,
      wording: {
        label: "v4",
        language: "es",
        text: "Quiero ofertas.",
        controller: "Olmo",
        privacyNoticeUrl: "https://x",
      },
      evidence: { note: "lo dijo Berta" },
      proof: { entry: "ent_1", index: 4 },
    },
  ],
  consentNow: [],
  blocks: [],
  messages: [],
  received: [{ id: "r1", at, type: "text", text: "El número de Berta", details: null, file }],
  clicks: [],
  purchases: [],
  segments: ["Todo el mundo"],
  recipients: [{ name: "Meta", role: "processor", where: "IE" }],
  retention: [{ what: "attempts", kept: "3 years" }],
  checkpoint: null,
};

const html = (locale: "es" | "en") =>
  packageHtml(whole, {
    t: translator(locale, "rights"),
    formats: createFormats({ locale, region: "es-ES", timeZone: "Europe/Madrid", currency: "EUR" }),
    locale,
  });

test("the readable page says it in both languages, and what people wrote is text and never markup", () => {
  expect(html("es")).toContain("Texto que se te mostró (v4, Olmo): Quiero ofertas.");
  expect(html("en")).toContain("Text you were shown (v4, Olmo): Quiero ofertas.");
  expect(html("es")).toContain("3 años");
  expect(html("es")).not.toContain("<script");
  expect(html("es")).toContain("Soria &amp; más");
  expect(html("es")).not.toMatch(/src=|href=|url\(/);
});

test("what is about others is left out, and that it is stays visible", () => {
  const left = redact(whole, [
    { item: "received:r1", reason: "third_party" },
    { item: "consent:e1", reason: "third_party" },
  ]);
  expect(JSON.stringify(left)).not.toContain("Berta");
  expect(JSON.stringify(left)).not.toContain(file.base64);
  expect(left.received[0]?.redacted).toBe("third_party");
  expect(left.consent[0]?.wording?.text).toBe("Quiero ofertas.");
});

test("what can be taken elsewhere holds no conclusions and no proofs of ours", () => {
  const portable = portablePart(whole);
  expect(Object.keys(portable)).not.toContain("segments");
  expect(portable.consent[0]).not.toHaveProperty("proof");
  expect(portable.received).toEqual(whole.received);
});

test("terms are calendar months, fifteen days in Brazil, and the last day of a shorter month", () => {
  const received = new Date("2027-01-31T10:00:00Z");
  expect(dueAt("ES", received)).toEqual(new Date("2027-02-28T10:00:00Z"));
  expect(dueAt(null, received)).toEqual(new Date("2027-02-28T10:00:00Z"));
  expect(dueAt("BR", received)).toEqual(new Date("2027-02-15T10:00:00Z"));
  expect(addMonths(new Date("2028-02-29T00:00:00Z"), 36)).toEqual(new Date("2031-02-28T00:00:00Z"));
  expect(blockedUntil("ES", received)).toEqual(new Date("2030-01-31T10:00:00Z"));
  expect([blockedUntil("FR", received), blockedUntil(null, received)]).toEqual([null, null]);
});

test("days are counted so that the last one is not over before it is", () => {
  const due = new Date("2027-02-10T10:00:00Z");
  const on = (text: string) => [daysLeft(due, new Date(text)), urgencyOf(due, new Date(text))];
  expect(on("2027-02-02T09:00:00Z")).toEqual([9, "later"]);
  expect(on("2027-02-03T10:00:00Z")).toEqual([7, "soon"]);
  expect(on("2027-02-10T09:00:00Z")).toEqual([1, "soon"]);
  expect(on("2027-02-10T10:00:01Z")).toEqual([-1, "overdue"]);
});
