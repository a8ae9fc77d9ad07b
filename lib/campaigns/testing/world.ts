import { sql } from "drizzle-orm";
import { purposes } from "@/db/schema/consent";
import { users } from "@/db/schema/identity";
import { brands, phoneNumbers } from "@/db/schema/numbers";
import { segments } from "@/db/schema/segments";
import { templates } from "@/db/schema/templates";
import type { TestDatabase } from "@/db/testing/database";
import { newContactId, newId } from "@/lib/foundation/ids";
import { type Role, systemActor } from "@/lib/identity/actor";
import type { Context } from "@/lib/identity/context";
import { everybody } from "@/lib/segments/segment";
import { componentsHash } from "@/lib/templates/components-hash";
import { type CampaignGoal, emptyGoal } from "../campaign";
import { createCampaign } from "../commands/create-campaign";
import { updateAudience } from "../commands/update-audience";
import { updateGoal } from "../commands/update-goal";
import { updateVariants } from "../commands/update-variants";

const components = [
  { type: "BODY", text: "Hola {{1}}, empiezan las rebajas.", example: { body_text: [["Ana"]] } },
  { type: "FOOTER", text: "Responde BAJA para no recibir más" },
  {
    type: "BUTTONS",
    buttons: [
      { type: "URL", text: "Ver", url: "https://go.example.test/l/{{1}}", example: ["https://go.example.test/l/x"] },
    ],
  },
];

export const readyGoal: CampaignGoal = { ...emptyGoal, minimumEffectPoints: 1, baselinePoints: 5 };
const variantA = {
  weight: 5_000,
  parameters: { "body.1": { source: "name" as const, fallback: "cliente" } },
  linkUrl: "https://shop.example.test/enero",
};

export type World = Awaited<ReturnType<typeof campaignWorld>>;

/** An organisation with people, a number, two approved templates, and 20 contacts of whom 14 may be written to. */
export async function campaignWorld(t: TestDatabase) {
  let now = new Date("2026-12-01T09:00:00.000Z");
  const clock = () => new Date(now);
  const ids = { brandId: newId(), purposeId: newId(), numberId: newId(), segmentId: newId() };
  const templateIds = { a: newId(), b: newId() };
  const at = clock();
  const { db } = t;
  await db.insert(brands).values({ id: ids.brandId, name: "Olmo", controller: "Olmo S. L., Madrid", createdAt: at });
  const purpose = { id: ids.purposeId, brandId: ids.brandId, key: "news", name: "Novedades", createdAt: at };
  await db.insert(purposes).values({ ...purpose, category: "MARKETING" });
  await db.insert(phoneNumbers).values({
    id: ids.numberId,
    brandId: ids.brandId,
    wabaId: "900000000000001",
    phoneNumberId: "800000000000001",
    displayNumber: "+1 555-010-0000",
    verifiedName: "Olmo",
    baseUrl: "http://127.0.0.1:1",
    tokenSealed: Buffer.of(0),
    appSecretSealed: Buffer.of(0),
    verifyTokenHash: Buffer.of(0),
    isSandbox: true,
    createdAt: at,
  });
  const segment = { id: ids.segmentId, name: "Todo el mundo", rule: everybody, createdAt: at, updatedAt: at };
  await db.insert(segments).values(segment);
  for (const [name, id] of Object.entries(templateIds))
    await db.insert(templates).values({
      id,
      numberId: ids.numberId,
      wabaId: "900000000000001",
      metaId: name === "a" ? "1" : "2",
      name: `enero_${name}`,
      language: "es",
      category: "MARKETING",
      status: "APPROVED",
      components,
      componentsSha256: componentsHash(components),
      createdAt: at,
      updatedAt: at,
    });
  await addContacts(t, ids.purposeId);

  const person = async (name: string, ...roles: Role[]): Promise<Context & { userId: string }> => {
    const userId = newId();
    const row = { id: userId, name, email: `${userId}@example.com`, passwordHash: "x", roles, createdAt: at };
    await db.insert(users).values(row);
    const actor = { kind: "user" as const, userId, roles, sessionId: null };
    return { ...t.context(actor, { now: clock, db: t.as("console") }), userId };
  };
  const lucia = await person("Lucía Marín", "marketer");
  const tom = await person("Tom Rey", "marketer");
  const noa = await person("Noa Vidal", "approver");
  const iria = await person("Iria Sanz", "compliance");
  const boss = await person("Elena Paz", "executive");
  const worker = t.context(systemActor("worker"), { now: clock, db: t.as("worker") });

  /** A draft of Lucía's in which every step is done. */
  const readyCampaign = async (name = "Rebajas de enero") => {
    const { campaignId } = await createCampaign(lucia, { name });
    let { version } = await updateGoal(lucia, { campaignId, version: 1, name, goal: readyGoal });
    const { segmentId, purposeId, numberId } = ids;
    ({ version } = await updateAudience(lucia, {
      campaignId,
      version,
      segmentId,
      purposeId,
      holdoutBasisPoints: 1_000,
    }));
    const variants = [
      { ...variantA, key: "A" as const, templateId: templateIds.a },
      { ...variantA, key: "B" as const, templateId: templateIds.b },
    ];
    ({ version } = await updateVariants(lucia, { campaignId, version, numberId, variants }));
    return { campaignId, version };
  };
  return {
    ids,
    templateIds,
    people: { lucia, tom, noa, iria, boss },
    worker,
    person,
    readyCampaign,
    setTime: (text: string) => {
      now = new Date(text);
    },
  };
}

/** 20 contacts: 14 reachable, 2 never asked, 1 withdrawn, 1 expired, 1 consenting but suppressed, 1 restricted. */
async function addContacts({ db }: TestDatabase, purposeId: string): Promise<void> {
  const states = [...Array(14).fill("granted"), "none", "none", "withdrawn", "expired", "suppressed", "restricted"];
  for (const [index, state] of states.entries()) {
    const id = newContactId();
    const name = index < 4 ? Buffer.of(1) : null;
    const attributes = index < 10 ? '{"city":"Madrid"}' : '{"city":" "}';
    await db.execute(sql`
      insert into contacts (lane, id, name_sealed, country, attributes, created_at, updated_at, restricted_at)
      values (lane_of(${id}), ${id}, ${name}, ${index % 2 ? "ES" : "MX"}, ${attributes}::jsonb, now(), now(),
        ${state === "restricted" ? new Date("2026-11-01") : null})`);
    if (state === "none") continue;
    const status = state === "withdrawn" ? "withdrawn" : "granted";
    const expiresAt = new Date(state === "expired" ? "2026-11-30" : "2028-01-01");
    await db.execute(sql`
      insert into consent_state (lane, contact_id, purpose_id, status, basis_event_id, expires_at, last_occurred_at, updated_at)
      values (lane_of(${id}), ${id}, ${purposeId}, ${status}, ${newId()}, ${expiresAt}, now(), now())`);
    if (state === "suppressed")
      await db.execute(sql`
        insert into contact_suppressions (lane, contact_id, kind, scope, since)
        values (lane_of(${id}), ${id}, 'complaint', 'all_marketing', now())`);
  }
}

/** The code of a refusal with its parameters, or "no refusal". */
export function refusalOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => "no refusal",
    (error) => ({ code: error.code ?? String(error), ...error.params }),
  );
}
