import { afterAll, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { newId } from "@/lib/foundation/ids";
import { systemActor } from "@/lib/identity/actor";
import { createBrand } from "@/lib/numbers/commands/create-brand";
import { getConsentTimeline } from "../queries/get-consent-timeline";
import { createPurpose } from "./create-purpose";
import { noteExpiries } from "./note-expiries";
import { recogniseContacts } from "./recognise-contacts";
import { recordConsentEvents } from "./record-consent-events";

const t = await testDatabase();
afterAll(() => t.close());

const START = new Date("2026-01-01T00:00:00.000Z");
const DAY = 86_400_000;
let now = START;
const clock = { now: () => now };
const worker = t.context(systemActor("worker"), { ...clock, db: t.as("worker") });

test("what ran out is written down once, at its own end; an act after it is told apart", async () => {
  const owner = t.context(systemActor("terminal"), clock);
  const { brandId } = await createBrand(owner, { name: "Olmo", controller: "Olmo S. L." });
  const given = { brandId, name: "News", category: "MARKETING", validityDays: 10, pendingHours: 24 } as const;
  const { purposeId } = await createPurpose(owner, { ...given, key: "news" });
  const [granted, asked] = await recogniseContacts(worker, [{ waId: "34600200001" }, { waId: "34600200002" }]);
  const act = (contactId: string, type: "granted" | "requested") => ({
    contactId,
    type,
    purposeId,
    scope: "purpose" as const,
    source: "web_form" as const,
    occurredAt: now,
    isComplete: true,
    idempotencyKey: newId(),
  });
  const [one, other] = [granted?.contactId ?? "", asked?.contactId ?? ""];
  await recordConsentEvents(worker, { events: [act(one, "granted"), act(other, "requested")] });
  expect(await noteExpiries(worker)).toBe(0);
  now = new Date(START.getTime() + 2 * DAY);
  expect(await noteExpiries(worker)).toBe(1); // the question
  now = new Date(START.getTime() + 12 * DAY);
  expect(await noteExpiries(worker)).toBe(1); // the consent
  expect(await noteExpiries(worker)).toBe(0);
  const { events, states } = await getConsentTimeline(worker, { contactId: one });
  expect(events[0]).toMatchObject({ type: "expired", occurredAt: new Date(START.getTime() + 10 * DAY) });
  expect(states[0]?.status).toBe("expired");
  await recordConsentEvents(worker, { events: [act(one, "granted")] });
  now = new Date(START.getTime() + 30 * DAY);
  expect(await noteExpiries(worker)).toBe(1);
});
