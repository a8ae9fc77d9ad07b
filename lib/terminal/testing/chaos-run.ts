import { writeFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { publicId } from "@/lib/foundation/ids";
import { ExportMessageProofInput, exportMessageProof } from "@/lib/reporting/commands/export-message-proof";
import { verifySends } from "@/lib/reporting/queries/verify-sends";
import { openStates, type StateCounts, sentStates } from "@/lib/sending/message";
import { getBooks } from "@/lib/sending/queries/get-books";
import { seededRandom } from "@/lib/statistics/random";
import { demoCsv, demoPeople } from "../demo/people";
import { importPeople, launchDemoCampaign, prepareTemplates, until } from "../demo/scenario";
import { demoVariants } from "../demo/texts";
import type { Say } from "../processes";
import { type Act, judgeRefusals, type RefusalFigures, refuseWhileSending, slowDown } from "./chaos-refusals";
import { startWorld, type World } from "./world";

export interface ChaosOptions {
  seed: number;
  kills: number;
  /** People in the file; a tenth is held out and some are broken, so a few less are written to. */
  messages: number;
  /** What eight writers do to the people meanwhile, most of it refusals; with any, 150 messages leave a second. */
  refusals: number;
  /** Writes the proof of one message there, for `npm run verify`. */
  proofPath?: string | undefined;
  say: Say;
}

export interface ChaosFigures {
  kills: number;
  recipients: number;
  /** What Meta, played by the sandbox, took. */
  accepted: number;
  mostAcceptedByOnePerson: number;
  states: Partial<StateCounts>;
  withoutConsent: number;
  refusals: RefusalFigures;
  /** One sentence for each promise that did not hold. */
  violations: string[];
}

/** Shorter than in production, so that a dead worker's lanes are taken over while one watches. */
const LEASE_MS = "4000";
/** Every answer takes this long: a kill then always meets requests that are under way. */
const LATENCY_MS = 120;
const LIMIT_MS = 300_000;
const POLL_MS = 15;

/** Sends a campaign while the worker is killed again and again, then asks the sandbox and the books what came of it. */
export async function runChaos({
  seed,
  kills,
  messages,
  refusals,
  proofPath,
  say,
}: ChaosOptions): Promise<ChaosFigures> {
  const world = await startWorld({ seed, say, withoutConsole: true, env: { WORKER_LEASE_MS: LEASE_MS } });
  try {
    const people = demoPeople(messages, seed, await world.clock.now());
    await importPeople(world.cast, demoCsv(people), () => {});
    const templateIds = await prepareTemplates(world.cast, demoVariants(world.env.PUBLIC_BASE_URL));
    await world.control.planFaults([{ kind: "latency", ms: LATENCY_MS, times: messages }]);
    if (refusals > 0) await slowDown(world);
    const campaignId = await launchDemoCampaign(world.cast, templateIds);
    const phones = people.flatMap(({ phone }) => phone ?? []);
    const [done, acts] = await Promise.all([
      killWhileSending(world, { campaignId, kills, random: seededRandom(`chaos ${seed}`) }),
      refuseWhileSending(world, { phones, count: refusals, random: seededRandom(`refusals ${seed}`) }),
    ]);
    await until(() => nobodyWaits(world, campaignId), LIMIT_MS, "the rest of the sending");
    const figures = await judge(world, { campaignId, kills: done, acts });
    if (proofPath) writeFileSync(proofPath, await proofOfOneMessage(world, campaignId));
    return figures;
  } finally {
    await world.close();
  }
}

/** Kills at moments drawn over the course of the sending; answers how many kills met a living worker. */
async function killWhileSending(
  world: World,
  { campaignId, kills, random }: { campaignId: string; kills: number; random: () => number },
): Promise<number> {
  const moments = Array.from({ length: kills }, () => 0.02 + 0.9 * random()).sort((one, other) => one - other);
  const worker = world.product.processes.get("worker");
  let done = 0;
  for (const moment of moments) {
    const isOver = await until(() => reached(world, campaignId, moment), LIMIT_MS, "the sending");
    if (isOver === "over") break;
    await pause(random() * LATENCY_MS);
    const pid = await until(async () => worker?.pid(), LIMIT_MS, "the worker's next start");
    process.kill(pid, "SIGKILL");
    done += 1;
    while (worker?.pid() === pid) await pause(POLL_MS);
  }
  return done;
}

async function reached(world: World, campaignId: string, share: number): Promise<"reached" | "over" | undefined> {
  const { recipients, states } = await getBooks(world.terminal, { campaignId });
  if (recipients === 0) return undefined;
  const open = sum(states, openStates);
  if (open === 0) return "over";
  return 1 - open / (recipients - states.held_out) >= share ? "reached" : undefined;
}

/** Nobody is planned, queued or sending, and everything that the sandbox reported has been read. */
async function nobodyWaits({ terminal, control }: World, campaignId: string): Promise<true | undefined> {
  const { recipients, states } = await getBooks(terminal, { campaignId });
  if (recipients === 0 || sum(states, openStates) > 0) return undefined;
  const { pending } = await control.state();
  const [inbox] = await terminal.db.execute<{ waiting: number }>(
    sql`select count(*)::int as waiting from webhook_inbox where status = 'new'`,
  );
  return pending.webhooks === 0 && inbox?.waiting === 0 ? true : undefined;
}

async function judge(
  world: World,
  { campaignId, kills, acts }: { campaignId: string; kills: number; acts: readonly Act[] },
): Promise<ChaosFigures> {
  const { recipients, states, isClosed } = await getBooks(world.terminal, { campaignId });
  const { accepted, mostAcceptedByOnePerson } = await takenTemplates(world);
  const refusals = await judgeRefusals(world, acts, LATENCY_MS);
  const { withoutConsent, exceptions } = await verifySends(await world.cast.as("compliance"), { campaignId });
  const taken = sum(states, sentStates);
  const unknown = states.unknown + states.unknown_final;
  const violations = [
    mostAcceptedByOnePerson > 1 && `somebody was sent ${mostAcceptedByOnePerson} messages`,
    !isClosed && "the books do not close: some recipients are in no state, or in two",
    sum(states, openStates) > 0 && "somebody is left planned, queued or sending",
    accepted > taken && `the sandbox took ${accepted} messages, the books know of ${taken}`,
    taken - unknown > accepted && `the books say ${taken - unknown} were taken, the sandbox took ${accepted}`,
    withoutConsent > 0 &&
      `${withoutConsent} sends without a consent that stood (${exceptions.map(({ exception, authorisedAt }) => `${exception} ${authorisedAt.toISOString()}`).join(", ")})`,
    refusals.late > 0 && `${refusals.late} requests began more than two seconds after a refusal had committed`,
    accepted === 0 && "nothing was sent at all",
  ].filter((violation) => violation !== false);
  const present = Object.fromEntries(Object.entries(states).filter(([, count]) => count > 0));
  return {
    kills,
    recipients,
    accepted,
    mostAcceptedByOnePerson,
    states: present,
    withoutConsent,
    refusals,
    violations,
  };
}

/** What the sandbox took of the campaign: who refuses is told once that it was done, which is no message of a campaign. */
async function takenTemplates({ control }: World): Promise<{ accepted: number; mostAcceptedByOnePerson: number }> {
  const byPhone = new Map<string, number>();
  for (const { type, phone } of await control.messages())
    if (type === "template") byPhone.set(phone, (byPhone.get(phone) ?? 0) + 1);
  const counts = [...byPhone.values()];
  return { accepted: counts.reduce((all, one) => all + one, 0), mostAcceptedByOnePerson: Math.max(0, ...counts) };
}

/** As the compliance officer takes it in the console. */
async function proofOfOneMessage({ terminal, cast }: World, campaignId: string): Promise<Uint8Array> {
  const [message] = await terminal.db.execute<{ id: string }>(sql`
    select id from messages where campaign_id = ${campaignId}::uuid and state in ('sent', 'delivered', 'read')
    order by id limit 1`);
  if (!message) throw new Error("no message was sent that could be proved");
  const input = ExportMessageProofInput.parse({
    messageId: publicId("msg", message.id),
    reason: "npm run chaos",
    language: "en",
  });
  return until(
    async () => {
      const exported = await exportMessageProof(await cast.as("compliance"), input);
      return exported.kind === "bundle" ? exported.bytes : undefined;
    },
    LIMIT_MS,
    "the checkpoint that covers the message",
  );
}

function sum(states: StateCounts, of: readonly (keyof StateCounts)[]): number {
  return of.reduce((total, state) => total + states[state], 0);
}
