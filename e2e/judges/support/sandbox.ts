import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { createSandboxControl } from "@/lib/whatsapp/sandbox/control";

const ROOT = new URL("../../..", import.meta.url).pathname;
/** A Tuesday morning in Madrid. */
const WORLD_START = "2026-11-24T09:00:00.000Z";
/** A month of world time in a second: whatever will happen, happens at once. */
const RUSH = 3_000_000;
const POLL_MS = 20;
/** Of a world that comes to rest; about half a minute. */
const MOST_POLLS = 1_500;

/** Every webhook once, in order, after the answer to the call. */
export const CALM = {
  duplicated: 0,
  reordered: 0,
  beforeResponse: 0,
  readWithoutDelivered: 0,
  deliveredAfterFailed: 0,
  previewed: 0,
};

export type Sandbox = Awaited<ReturnType<typeof startSandbox>>;

interface Announcement {
  baseUrl: string;
  token: string;
  wabaId: string;
  phoneNumberId: string;
  appId: string;
  appSecret: string;
}

/** `npm run sandbox`, as anybody starts it, in a rush, with people who receive, read and answer everything. */
export async function startSandbox() {
  const child = spawn("npm", ["run", "--silent", "sandbox", "--", "--port", "0", "--json"], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "inherit"],
    detached: true, // npm, its shell and the sandbox are one group, which a signal goes to as Ctrl-C does
  });
  const interrupt = () => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGINT");
  };
  process.once("exit", interrupt); // whoever ends us ends it
  const [line] = await Promise.race([
    once(createInterface({ input: child.stdout }), "line"),
    once(child, "exit").then(([code]) => Promise.reject(new Error(`the sandbox ended with code ${code}`))),
  ]);
  const account = JSON.parse(String(line)) as Announcement; // Its own documented line.
  const control = createSandboxControl({ url: account.baseUrl, token: account.token });
  await control.changeWorld({
    reviewSeconds: 0,
    activity: { from: 0, to: 24 },
    disorder: CALM,
    otherwise: { deliver: 1, readReceiptsOn: 1, read: 1, click: 0, reply: 1, optOut: 0, buyLiftPerDelivered: 0 },
    purchases: { baseRate: 0 },
  });
  await control.setClock({ appNow: WORLD_START, speed: RUSH });
  return {
    ...account,
    control,
    /** Waits until nothing is on its way any more. */
    async quiet() {
      for (let polls = 0; polls < MOST_POLLS; polls++) {
        const { pending } = await control.state();
        if (Object.values(pending).every((waiting) => waiting === 0)) return;
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
      throw new Error(`the world finds no rest: ${JSON.stringify((await control.state()).pending)}`);
    },
    /** The world goes at our own pace meanwhile: nothing that was uploaded grows old, no allowance is renewed. */
    async inRealTime(work: () => Promise<void>) {
      await control.setClock({ appNow: (await control.state()).appNow, speed: 1 });
      await work();
      await control.setClock({ appNow: (await control.state()).appNow, speed: RUSH });
    },
    async close() {
      await control.close();
      process.off("exit", interrupt);
      if (child.exitCode !== null) return;
      const ended = once(child, "exit");
      interrupt();
      await ended;
    },
  };
}
