import { setTimeout as pause } from "node:timers/promises";
import { startWorld, type World } from "@/lib/terminal/testing/world";
import type { Order } from "./world";

// The product that journeys go through, apart from Playwright's own process: it is run as people run it.

const POLL_MS = 250;
const HOUR_MS = 3_600_000;
/** A day in half a minute at most; the sandbox and the worker keep up with it. */
const SPEED = 16_000;

const world = await startWorld({ seed: 1, say: complain });
process.on("message", (order: Order) => {
  obey(order).then(
    () => process.send?.({ id: order.id }),
    (error: unknown) => process.send?.({ id: order.id, error: String(error) }),
  );
});
for (const signal of ["SIGTERM", "SIGINT", "disconnect"] as const) process.once(signal, () => void end());
process.send?.({ consoleUrl: world.product.consoleUrl, people: world.cast.signIns });

async function obey(order: Order): Promise<void> {
  if (order.do === "meet") await world.control.addPeople(order.phones.map((phone) => ({ phone })));
  else await letHoursPass(world, order.hours);
}

/** Business time runs until everything that people do in these hours has reached the product. */
async function letHoursPass({ clock, control }: World, hours: number): Promise<void> {
  const start = await clock.now();
  const end = new Date(start.getTime() + hours * HOUR_MS);
  await clock.hurry(SPEED);
  while ((await clock.now()) < end) await pause(POLL_MS);
  for (;;) {
    const { pending } = await control.state();
    if (pending.webhooks + pending.visits + pending.conversions === 0) break;
    await pause(POLL_MS);
  }
  await clock.set(await clock.now(), 1);
}

function complain(who: string, line: string): void {
  if (/\b(ERROR|FATAL)\b|ended unexpectedly|building/.test(line)) console.error(`${who}: ${line}`);
}

async function end(): Promise<void> {
  await world.close();
  process.exit(0);
}
