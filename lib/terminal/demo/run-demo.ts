import { setTimeout as pause } from "node:timers/promises";
import { sql } from "drizzle-orm";
import type { Env } from "@/lib/foundation/env";
import { loadSecrets } from "@/lib/foundation/secrets";
import { systemActor } from "@/lib/identity/actor";
import type { Context } from "@/lib/identity/context";
import { openRuntime, type Runtime } from "@/lib/identity/runtime";
import { createSandboxControl } from "@/lib/whatsapp/sandbox/control";
import { freePort } from "../ports";
import { prefixed } from "../prefixed";
import { type RunningProduct, startProduct } from "../product";
import { type Cast, castPeople } from "./cast";
import { type DemoClock, demoClock, tuesdayMorning } from "./clock";
import { freshPlace } from "./fresh-place";
import { demoCsv, demoPeople } from "./people";
import { progressLine } from "./progress";
import { type DemoSeconds, demoReport, printReport } from "./report";
import { importPeople, inventPrices, launchDemoCampaign, prepareTemplates, until } from "./scenario";
import { BASE_RATE, demoVariants, HORIZON_HOURS, WINDOW_HOURS } from "./texts";

export interface DemoOptions {
  env: Env;
  contacts: number;
  seed: number;
  /** Only the report, as one JSON object on standard output. */
  isJson: boolean;
  /** Stop afterwards instead of leaving the console running. */
  exits: boolean;
}

const HOUR_MS = 3_600_000;
/** Three days in about a quarter of a minute. */
const HURRY = 16_000;
/** The hurry ends so long before the window: a machine that is busy for five seconds must not run past it. */
const MARGIN_MS = 24 * HOUR_MS;
/** How long before the window's end the database waits for the last webhooks and orders, in business time at real speed. */
const WAIT_MS = 15 * 60_000;
const PEOPLE_PER_CALL = 5_000;
const SENDING_LIMIT_MS = 300_000;
const MEASURING_LIMIT_MS = 300_000;

interface Stage {
  product: RunningProduct;
  console: Runtime;
  terminal: Context;
  control: ReturnType<typeof createSandboxControl>;
  clock: DemoClock;
  cast: Cast;
}

/** The main job, end to end, on a fresh sandbox installation of its own. */
export async function runDemo(options: DemoOptions): Promise<void> {
  const { contacts, seed, isJson, exits } = options;
  const output = process.stdout;
  const say = (line: string) => void (isJson || output.write(`${line}\n`));
  const place = await freshPlace(await withFreePorts(options.env));
  const { env } = place;
  const starting = startProduct({ env, say: quietly(isJson), withoutConsole: exits });
  let ending: Promise<void> | undefined;
  const end = () => {
    ending ??= starting
      .then(
        async (product) => {
          await product.stop();
          return product.installation.folders;
        },
        () => [],
      )
      .then((folders) => place.clear(folders));
    return ending;
  };
  const stopping = stopOnSignal(end);
  const opened: { close(): Promise<void> }[] = [];
  try {
    const product = await starting;
    const stage = await setStage(product, env, opened);
    const bar = (label: string) => progressLine(label, output, isJson);
    say(`Contraste demo · ${contacts} contacts · seed ${seed} · ${formatTime(await stage.clock.now())}`);

    const importing = performance.now();
    const people = demoPeople(contacts, seed, await stage.clock.now());
    await meetPeople(stage, people);
    const importBar = bar("import");
    const imported = await importPeople(stage.cast, demoCsv(people), importBar.set);
    importBar.end();
    const planning = performance.now();

    const templateIds = await prepareTemplates(stage.cast, demoVariants(env.PUBLIC_BASE_URL));
    const campaignId = await launchDemoCampaign(stage.cast, templateIds);
    await stage.control.openHorizon({ from: (await stage.clock.now()).toISOString(), hours: HORIZON_HOURS });
    await until(() => sendingStarted(stage.terminal, campaignId), SENDING_LIMIT_MS, "the plan");
    const sending = performance.now();
    const sendBar = bar("send");
    await until(() => sendingEnded(stage.terminal, campaignId, sendBar.set), SENDING_LIMIT_MS, "the sending");
    sendBar.end();
    const measuring = performance.now();

    const measureBar = bar("measure");
    await letDaysPass(stage, campaignId, measureBar.set);
    measureBar.end();
    const done = performance.now();
    const seconds: DemoSeconds = {
      import: (planning - importing) / 1_000,
      plan: (sending - planning) / 1_000,
      send: (measuring - sending) / 1_000,
      measure: (done - measuring) / 1_000,
    };
    const report = await demoReport(stage, { campaignId, imported, seconds });
    if (isJson) output.write(`${JSON.stringify(report.json)}\n`);
    else
      printReport(output, report, { consoleUrl: product.consoleUrl, signIns: stage.cast.signIns, isRunning: !exits });
    if (!exits) await stopping;
  } catch (error) {
    if (!ending) throw error; // else Ctrl-C took away what the demo was waiting for
  } finally {
    for (const one of opened) await one.close();
    await end();
  }
}

async function setStage(product: RunningProduct, env: Env, opened: { close(): Promise<void> }[]): Promise<Stage> {
  const { urls } = product.installation;
  const secrets = loadSecrets(env.DATA_DIR, env);
  const open = async (databaseUrl: string) => {
    const runtime = await openRuntime({
      databaseUrl,
      keystoreUrl: urls.keystore,
      role: "terminal",
      secrets,
      maxConnections: 4,
    });
    opened.push(runtime);
    return runtime;
  };
  const terminal = await (await open(urls.owner)).contextFor(systemActor("terminal"));
  const console = await open(urls.console);
  if (!product.sandbox) throw new Error("The demo needs a sandbox installation; INSTANCE_MODE must not be live.");
  const control = createSandboxControl(product.sandbox);
  opened.push({ close: () => control.close() });
  const clock = demoClock(terminal, control);
  await clock.set(tuesdayMorning(new Date()), 1);
  await inventPrices(terminal);
  const variants = demoVariants(env.PUBLIC_BASE_URL);
  await control.changeWorld({
    arms: Object.fromEntries(variants.map(({ name, behaviour }) => [name, behaviour])),
    purchases: { baseRate: BASE_RATE, currency: "EUR", medianMicros: 38_000_000, spread: 0.5 },
    reviewSeconds: 1,
  });
  return { product, console, terminal, control, clock, cast: await castPeople(terminal, console) };
}

/** The world knows everybody who is imported, also those who will be sent nothing. */
async function meetPeople({ control }: Stage, people: readonly { phone: string | undefined }[]): Promise<void> {
  const known = people.flatMap(({ phone }) => (phone ? [{ phone }] : []));
  for (let start = 0; start < known.length; start += PEOPLE_PER_CALL) {
    await control.addPeople(known.slice(start, start + PEOPLE_PER_CALL));
  }
}

async function statusOf(ctx: Context, campaignId: string): Promise<{ status: string; startedAt: Date; until: Date }> {
  const [row] = await ctx.db.execute<{ status: string; started: string | null; until: string | null }>(sql`
    select status, sending_started_at as started, measuring_until as until from campaigns where id = ${campaignId}::uuid`);
  if (row?.status === "frozen" || row?.status === "stopped") throw new Error(`The demo's campaign is ${row.status}.`);
  return { status: row?.status ?? "", startedAt: new Date(row?.started ?? 0), until: new Date(row?.until ?? 0) };
}

async function sendingStarted(ctx: Context, campaignId: string): Promise<true | undefined> {
  return (await statusOf(ctx, campaignId)).status === "scheduled" ? undefined : true;
}

async function sendingEnded(
  ctx: Context,
  campaignId: string,
  onProgress: (done: number, total: number) => void,
): Promise<true | undefined> {
  const [row] = await ctx.db.execute<{ total: number; left: number }>(sql`
    select count(*)::int as total, count(*) filter (where state in ('planned', 'queued', 'sending'))::int as left
    from messages where campaign_id = ${campaignId}::uuid and state <> 'held_out'`);
  if (row) onProgress(row.total - row.left, row.total);
  const { status } = await statusOf(ctx, campaignId);
  return status === "measuring" || status === "concluded" ? true : undefined;
}

/** The three days in which people read, click and buy, at a speed at which one can wait for them; then the analysis. */
async function letDaysPass(
  stage: Stage,
  campaignId: string,
  onProgress: (done: number, total: number) => void,
): Promise<void> {
  const { clock, control, terminal } = stage;
  const { startedAt, until: measuringUntil } = await statusOf(terminal, campaignId);
  const windowEnd = new Date(startedAt.getTime() + WINDOW_HOURS * HOUR_MS);
  await clock.hurry(HURRY);
  await until(
    async () => {
      const now = await clock.now();
      onProgress(Math.min(WINDOW_HOURS, Math.round((now.getTime() - startedAt.getTime()) / HOUR_MS)), WINDOW_HOURS);
      return now.getTime() >= windowEnd.getTime() - MARGIN_MS ? true : undefined;
    },
    MEASURING_LIMIT_MS,
    "the days to pass",
  );
  // The database waits just short of the analysis, after the shop's last order; the sandbox, which follows behind it,
  // finishes its people's story. At this speed a second's delay is hours, hence the margin.
  await clock.jump(new Date(windowEnd.getTime() - WAIT_MS));
  await until(() => isQuiet(stage), MEASURING_LIMIT_MS, "the last webhooks and orders");
  await clock.jump(new Date(measuringUntil.getTime() + HOUR_MS));
  await until(
    async () => ((await statusOf(terminal, campaignId)).status === "concluded" ? true : undefined),
    MEASURING_LIMIT_MS,
    "the analysis",
  );
  await control.setClock({ appNow: (await clock.now()).toISOString(), speed: 1 });
  await pause(1_500); // the log's sequencer takes the last entries within a second
}

/** Nothing waits in the sandbox, and nothing that it reported waits in the product. */
async function isQuiet({ control, terminal }: Stage): Promise<true | undefined> {
  const { pending } = await control.state();
  if (pending.events + pending.webhooks + pending.visits + pending.conversions > 0) return undefined;
  const [row] = await terminal.db.execute<{ waiting: number }>(sql`
    select (select count(*) from webhook_inbox where status = 'new')::int
      + (select count(*) from conversions where attributed_at is null)::int as waiting`);
  return row?.waiting === 0 ? true : undefined;
}

/** The usual ports where they are free, others where another program has them: a demo should just run. */
async function withFreePorts(env: Env): Promise<Env> {
  const ports = { CONSOLE_PORT: await freePort(), INGRESS_PORT: await freePort(), SANDBOX_PORT: await freePort() };
  return {
    ...env,
    ...ports,
    PUBLIC_BASE_URL: `http://127.0.0.1:${ports.INGRESS_PORT}`,
    CONSOLE_URL: `http://127.0.0.1:${ports.CONSOLE_PORT}`,
  };
}

/** Warnings and what the supervisor says; the everyday lines of the processes would bury the report. */
function quietly(isJson: boolean): (who: string, line: string) => void {
  const loud = prefixed(isJson ? process.stderr : process.stdout);
  return (who, line) => {
    if (/\b(WARN|ERROR|FATAL)\b|ended unexpectedly|building/.test(line)) loud(who, line);
  };
}

/** Ctrl-C ends a demo at any point; resolves when it was pressed. */
function stopOnSignal(end: () => Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.once(signal, () => {
        resolve();
        void end().then(() => process.exit(0));
      });
    }
  });
}

function formatTime(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
