import "@/lib/terminal/quiet-log";
import { setTimeout as pause } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { createPerson } from "@/lib/identity/commands/create-person";
import { tuesdayMorning } from "@/lib/terminal/demo/clock";
import { demoCsv, demoPeople } from "@/lib/terminal/demo/people";
import { importPeople, launchDemoCampaign, prepareTemplates, until } from "@/lib/terminal/demo/scenario";
import { demoVariants, HORIZON_HOURS, WINDOW_HOURS } from "@/lib/terminal/demo/texts";
import { startWorld, type World } from "@/lib/terminal/testing/world";
import { createSandboxControl } from "@/lib/whatsapp/sandbox/control";
import { type RunningSandbox, startSandbox } from "@/lib/whatsapp/sandbox/server";
import { formWithQuestion, launchedCampaign, preferencesOf, recipients, standing } from "./scenes";
import type { Answer, MetaApp, Order } from "./world";

// The product that journeys go through, apart from Playwright's own process: it is run as people run it.

const POLL_MS = 250;
const HOUR_MS = 3_600_000;
/** A day in half a minute at most; the sandbox and the worker keep up with it. */
const SPEED = 16_000;

const PEOPLE = 400;
const WAIT_MS = 180_000;

let other: { sandbox: RunningSandbox; control: ReturnType<typeof createSandboxControl> } | undefined;
const world = await startWorld({ seed: 1, say: complain });
const templateIds = await prepareTemplates(world.cast, demoVariants(world.env.PUBLIC_BASE_URL));
process.on("message", (order: Order) => {
  obey(order).then(
    (answer) => process.send?.({ id: order.id, ...answer }),
    (error: unknown) => process.send?.({ id: order.id, error: String(error) }),
  );
});
for (const signal of ["SIGTERM", "SIGINT", "disconnect"] as const) process.once(signal, () => void end());
const colleague = { email: "colleague@demo.contraste.local", name: "Irene Pazos" };
const { password } = await createPerson(world.terminal, { ...colleague, roles: ["compliance"] });
const people = [...world.cast.signIns, { role: "colleague", ...colleague, password }];
process.send?.({ consoleUrl: world.product.consoleUrl, people });

async function obey(order: Order): Promise<Answer> {
  switch (order.do) {
    case "campaign":
      return { phone: await concludeCampaign(world) };
    case "account":
      return { app: await accountAtMeta(world) };
    case "meet":
      await meet(world, order.phones);
      return {};
    case "pass":
      await letHoursPass(world, order.hours);
      return {};
    case "write":
      await other?.control.act([{ phone: order.phone, do: { act: "write", text: order.text } }]);
      return {};
    case "picture":
      await other?.control.act([{ phone: order.phone, do: { act: "photo", caption: order.caption } }]);
      return {};
    case "fail":
      await failInbound(world, order.inbound);
      return {};
    case "recipients":
      return { phones: await recipients(world) };
    case "form":
      return formWithQuestion(world, order.slug);
    case "launch":
      return { path: await launchedCampaign(world, templateIds, order) };
    case "act":
      await world.control.act([{ phone: order.phone, do: order.what }]);
      return {};
    case "standing":
      return { status: await standing(world, order.phone) };
    case "preferences":
      return { path: await preferencesOf(world, order.phone) };
    case "phone":
      return { received: await world.control.messages(order.phone) };
  }
}

/** Another sandbox with another account, in the same time as the product: it has no template, and knows nobody's webhooks. */
async function accountAtMeta({ clock }: World): Promise<MetaApp> {
  if (!other) {
    const account = {
      wabaId: "900000000000077",
      phoneNumberId: "800000000000077",
      displayPhoneNumber: "+1 555-010-0177",
    };
    const sandbox = await startSandbox({ account, world: { reviewSeconds: 1 } });
    other = { sandbox, control: createSandboxControl(sandbox) };
    await other.control.setClock({ appNow: (await clock.now()).toISOString(), speed: 1 });
  }
  const { url: baseUrl, wabaId, phoneNumberId, appId, token, appSecret } = other.sandbox;
  return { baseUrl, wabaId, phoneNumberId, appId, token, appSecret };
}

async function failInbound({ terminal }: World, fails: boolean): Promise<void> {
  await terminal.db.execute(
    fails
      ? sql`alter table inbound_messages add constraint broken check (type <> 'text') not valid`
      : sql`alter table inbound_messages drop constraint broken`,
  );
}

/** A campaign to a few hundred people, sent and measured; answers the number of somebody who was written to. */
async function concludeCampaign(world: World): Promise<string> {
  const { terminal, control, clock, cast } = world;
  const people = demoPeople(PEOPLE, 1, await clock.now());
  await control.addPeople(people.flatMap(({ phone }) => (phone ? [{ phone }] : [])));
  await importPeople(cast, demoCsv(people), () => {});
  const campaignId = await launchDemoCampaign(cast, templateIds);
  await control.openHorizon({ from: (await clock.now()).toISOString(), hours: HORIZON_HOURS });
  const isIn = (status: string) => async () => {
    const [row] = await terminal.db.execute<{ found: boolean }>(
      sql`select status = ${status} as found from campaigns where id = ${campaignId}::uuid`,
    );
    return row?.found || undefined;
  };
  await until(isIn("measuring"), WAIT_MS, "the sending");
  await letHoursPass(world, HORIZON_HOURS); // inside the window: all is told before it closes
  await letHoursPass(world, WINDOW_HOURS - HORIZON_HOURS + 1);
  await until(isIn("concluded"), WAIT_MS, "the analysis");
  const [phone] = await recipients(world);
  if (!phone) throw new Error("nobody was written to");
  return phone;
}

/**
 * Few people, so eager ones: a handful of orders comes in whatever is sent. It is a morning at which they may be written to,
 * whatever was rehearsed before.
 */
async function meet({ control, clock }: World, phones: readonly string[]): Promise<void> {
  await clock.set(tuesdayMorning(await clock.now()), 1);
  await control.addPeople(phones.map((phone) => ({ phone })));
  await control.changeWorld({ purchases: { baseRate: 0.4, currency: "EUR", medianMicros: 38_000_000, spread: 0.5 } });
  await control.openHorizon({ from: (await clock.now()).toISOString(), hours: HORIZON_HOURS });
}

/**
 * Business time runs for these hours. The database then waits until everything that people did has reached the product,
 * so that nothing is analysed half told.
 */
async function letHoursPass({ terminal, clock, control }: World, hours: number): Promise<void> {
  const end = new Date((await clock.now()).getTime() + hours * HOUR_MS);
  await clock.hurry(SPEED);
  while ((await clock.now()) < end) await pause(POLL_MS);
  await terminal.db.execute(sql`select set_app_clock(${end}::timestamptz, 1)`);
  await until(
    async () => {
      const { pending } = await control.state();
      if (pending.events + pending.webhooks + pending.visits + pending.conversions > 0) return undefined;
      const [row] = await terminal.db.execute<{ waiting: number }>(
        sql`select count(*)::int as waiting from webhook_inbox where status = 'new'`,
      );
      return row?.waiting === 0 || undefined;
    },
    WAIT_MS,
    "the last webhooks and orders",
  );
  await clock.set(await clock.now(), 1);
}

function complain(who: string, line: string): void {
  if (/\b(ERROR|FATAL)\b|ended unexpectedly|building/.test(line)) console.error(`${who}: ${line}`);
}

async function end(): Promise<void> {
  await other?.control.close();
  await other?.sandbox.close();
  await world.close();
  process.exit(0);
}
