import { sql } from "drizzle-orm";
import { openIdentifier } from "@/lib/audience/identifier";
import { findContactByIdentifier } from "@/lib/audience/queries/find-contact-by-identifier";
import { approveCampaign } from "@/lib/campaigns/commands/approve-campaign";
import { createCampaign } from "@/lib/campaigns/commands/create-campaign";
import { launchCampaign } from "@/lib/campaigns/commands/launch-campaign";
import { submitForReview } from "@/lib/campaigns/commands/submit-for-review";
import { updateAudience } from "@/lib/campaigns/commands/update-audience";
import { updateGoal } from "@/lib/campaigns/commands/update-goal";
import { updateSchedule } from "@/lib/campaigns/commands/update-schedule";
import { updateVariants } from "@/lib/campaigns/commands/update-variants";
import { plainSchedule } from "@/lib/campaigns/schedule";
import { createOptInForm } from "@/lib/consent/commands/create-opt-in-form";
import { createPurpose } from "@/lib/consent/commands/create-purpose";
import { publishWordingVersion } from "@/lib/consent/commands/publish-wording-version";
import { preferenceLink } from "@/lib/consent/preference-link";
import { publicId } from "@/lib/foundation/ids";
import { listNumbers } from "@/lib/numbers/queries/list-numbers";
import { createSegment } from "@/lib/segments/commands/create-segment";
import { setConsentQuestion } from "@/lib/sending/commands/set-consent-question";
import { createTemplate } from "@/lib/templates/commands/create-template";
import { getTemplate } from "@/lib/templates/queries/get-template";
import { until } from "@/lib/terminal/demo/scenario";
import { LANDING_PAGE } from "@/lib/terminal/demo/texts";
import type { World } from "@/lib/terminal/testing/world";

// What a journey finds when it begins: things that people of the product did on days before, made as they make them.

const WAIT_MS = 120_000;
const NEWS = "news";
const DAY_MS = 86_400_000;
const NO_GRACE_MS = 0;
const GOAL = {
  hypothesis: { change: "escribir", outcome: "vuelva más gente", reason: "se acuerdan de la tienda" },
  metric: "conversion",
  minimumEffectPoints: 10,
  minimumEffectMicros: null,
  baselinePoints: 20,
  windowHours: 72,
  method: "fixed",
  guardrails: { optOutPoints: 5, failurePoints: 5 },
  spendCapMicros: null,
  strata: "country",
} as const;
const WORDING = {
  es: "Acepto que me escribáis por WhatsApp con las novedades de la tienda. Puedo dejarlo cuando quiera.",
  en: "I agree to hear the shop's news on WhatsApp. I can stop whenever I like.",
};

/** The contact behind a number, or undefined when nobody here has it. */
async function contactOf({ terminal }: World, phone: string): Promise<string | undefined> {
  return (await findContactByIdentifier(terminal, { text: phone, country: "ES" }))?.contactId;
}

/** `granted` when somebody agreed to something that stands; else how the first of their purposes stands. */
export async function standing(world: World, phone: string): Promise<string | undefined> {
  const contactId = await contactOf(world, phone);
  const rows = await world.terminal.db.execute<{ status: string }>(sql`
    select status from consent_state where contact_id = ${contactId ?? null}::uuid order by purpose_id`);
  return rows.find(({ status }) => status === "granted")?.status ?? rows[0]?.status;
}

/** Where somebody decides what they get: the address that a message of ours carries. */
export async function preferencesOf(world: World, phone: string): Promise<string> {
  const contactId = await contactOf(world, phone);
  const [brand] = await world.terminal.db.execute<{ id: string }>(
    sql`select id from brands order by created_at limit 1`,
  );
  if (!contactId || !brand) throw new Error(`nobody has ${phone}`);
  return world.product.consoleUrl + preferenceLink(world.terminal, contactId, brand.id);
}

/** Numbers of people who were written to, whose consent stands, and who have nothing against it. */
export async function recipients({ terminal }: World): Promise<string[]> {
  const rows = await terminal.db.execute<{ contact_id: string; sealed: Buffer }>(sql`
    select m.contact_id, i.sealed from messages m
    join consent_state s on s.lane = m.lane and s.contact_id = m.contact_id and s.purpose_id = m.purpose_id and s.status = 'granted'
    join contact_identifiers i on i.lane = m.lane and i.contact_id = m.contact_id and i.kind = 'phone' and i.former_at is null
    join campaigns c on c.id = m.campaign_id and c.name = 'Rebajas de otoño'
    where m.kind = 'campaign' and m.state in ('delivered', 'read') and m.opted_out_at is null
      and not exists (select from contact_suppressions b where b.lane = m.lane and b.contact_id = m.contact_id)
    order by m.id limit 8`);
  const keys = await terminal.keys.keysOf(rows.map((row) => row.contact_id));
  return rows.flatMap(({ contact_id: contactId, sealed }) => {
    const key = keys.get(contactId);
    return key ? [openIdentifier(key, contactId, { kind: "phone", sealed })] : [];
  });
}

type Components = Parameters<typeof createTemplate>[1]["components"];

const QUESTION: Components = [
  { type: "BODY", text: "Pediste recibir nuestras novedades por WhatsApp. ¿Lo confirmas?" },
  { type: "FOOTER", text: "Responde BAJA para no recibir más mensajes" },
  {
    type: "BUTTONS",
    buttons: [
      { type: "QUICK_REPLY", text: "Sí, confirmo" },
      { type: "QUICK_REPLY", text: "No" },
    ],
  },
];

/** A form for the purpose whose yes has to be confirmed over WhatsApp; that purpose is made at the first call. */
export async function formWithQuestion(world: World, slug: string): Promise<{ purposeId: string }> {
  const [known] = await world.terminal.db.execute<{ id: string }>(sql`select id from purposes where key = ${NEWS}`);
  const purposeId = known?.id ?? (await purposeWithQuestion(world));
  await createOptInForm(await world.cast.as("marketer"), { purposeId, name: "Cartel de la tienda", slug });
  return { purposeId };
}

/** Its text in both languages, and the template that asks. */
async function purposeWithQuestion({ cast, terminal }: World): Promise<string> {
  const [officer, marketer] = await Promise.all([cast.as("compliance"), cast.as("marketer")]);
  const [brand] = await terminal.db.execute<{ id: string }>(sql`select id from brands order by created_at limit 1`);
  const [number] = await listNumbers(marketer);
  if (!brand || !number) throw new Error("the world has no brand or no number");
  const news = { key: NEWS, name: "Novedades", category: "MARKETING", doubleOptIn: true } as const;
  const { purposeId } = await createPurpose(officer, { brandId: brand.id, ...news });
  for (const [language, text] of Object.entries(WORDING)) {
    await publishWordingVersion(officer, {
      purposeId,
      label: "2026-11",
      language,
      text,
      controller: "Olmo y Lino, S. L.",
      privacyNoticeUrl: "https://tienda.example/privacidad",
      notice: { withdrawal: "Responde BAJA o usa el enlace de preferencias." },
    });
  }
  const question = { numberId: number.id, name: "confirmar_novedades", components: QUESTION };
  const { templateId } = await approvedTemplate(cast, question);
  await setConsentQuestion(officer, { purposeId, templateId });
  return purposeId;
}

async function approvedTemplate(
  cast: World["cast"],
  { numberId, name, components }: { numberId: string; name: string; components: Components },
): Promise<{ templateId: string }> {
  const template = {
    numberId,
    name,
    language: "es",
    category: "MARKETING",
    parameterFormat: "POSITIONAL",
    components,
  } as const;
  const created = await createTemplate(await cast.as("marketer"), template);
  if (created.kind === "invalid") throw new Error(`template ${name}: ${JSON.stringify(created.problems)}`);
  const { templateId } = created;
  await until(
    async () => (await getTemplate(await cast.as("marketer"), { templateId })).status === "APPROVED" || undefined,
    WAIT_MS,
    `the review of ${name}`,
  );
  return { templateId };
}

export interface Planned {
  name: string;
  /** Null: the purpose that everybody agreed to. */
  purposeId: string | null;
  /** Null: at once. */
  inDays: number | null;
}

/** A campaign to everybody in Spain who agreed to a purpose: approved by a second person and launched, and planned when it
 * answers unless it starts in some days. Answers its path. */
export async function launchedCampaign(
  { cast, clock, terminal }: World,
  templateIds: ReadonlyMap<string, string>,
  { name, purposeId, inDays }: Planned,
): Promise<string> {
  const marketer = await cast.as("marketer");
  const [number] = await listNumbers(marketer);
  const [first] = await terminal.db.execute<{ id: string }>(sql`select id from purposes order by created_at limit 1`);
  const { segmentId } = await createSegment(marketer, {
    name: `España: ${name}`,
    rule: { kind: "country", operator: "in", values: ["ES"] },
  });
  const { campaignId, version } = await createCampaign(marketer, { name });
  let edited = await updateGoal(marketer, { campaignId, version, name, goal: GOAL });
  const audience = { segmentId, purposeId: purposeId ?? first?.id ?? null, holdoutBasisPoints: 0 };
  edited = await updateAudience(marketer, { campaignId, version: edited.version, ...audience });
  edited = await updateVariants(marketer, {
    campaignId,
    version: edited.version,
    numberId: number?.id ?? null,
    variants: (["A", "B"] as const).map((key) => ({
      key,
      templateId: templateIds.get(key) ?? null,
      weight: 5_000,
      parameters: { "body.1": { source: "name" as const, fallback: "cliente" } },
      linkUrl: LANDING_PAGE,
    })),
  });
  const startsAt = inDays === null ? null : new Date((await clock.now()).getTime() + inDays * DAY_MS);
  const timed = { version: edited.version, schedule: plainSchedule, startsAt, deadlineAt: null };
  await updateSchedule(marketer, { campaignId, ...timed });
  const { contentHash } = await submitForReview(marketer, { campaignId });
  await approveCampaign(await cast.as("approver"), { campaignId, contentHash });
  await launchCampaign(await cast.as("marketer"), { campaignId }, { graceMs: NO_GRACE_MS });
  if (inDays === null) await until(isPlanned(terminal, campaignId), WAIT_MS, `the planning of ${name}`);
  return `/campaigns/${publicId("cmp", campaignId)}`;
}

const isPlanned = (terminal: World["terminal"], campaignId: string) => async () => {
  const [row] = await terminal.db.execute<{ found: boolean }>(sql`
    select status in ('sending', 'measuring') as found from campaigns where id = ${campaignId}::uuid`);
  return row?.found || undefined;
};
