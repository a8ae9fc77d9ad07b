import { expect, test } from "vitest";
import { WorldClock } from "./clock";
import { Engine } from "./engine";
import { MediaStore } from "./media-store";
import { People } from "./people";
import { world } from "./world";

const AT = Date.parse("2026-12-01T09:00:00.000Z");
const account = {
  ...{ seed: 1, token: "t", appSecret: "s", appId: "1", wabaId: "2", phoneNumberId: "3" },
  displayPhoneNumber: "+1 555-010-0100",
};
const media = new MediaStore(undefined, [], () => AT);
const outlets = {
  webhook: () => undefined,
  webhookAtOnce: () => Promise.resolve(),
  conversion: () => undefined,
  visit: () => Promise.resolve(undefined),
  preview: () => undefined,
  journal: () => undefined,
};

test("a message that is taken after the world went on is not settled before its own events have happened", () => {
  const clock = new WorldClock({ appNow: new Date(AT).toISOString(), speed: 0, realNow: Date.now() });
  const engine = new Engine(
    { account, clock, people: new People(1), outlets, media, watch: () => undefined },
    { world: world.parse({}) },
    () => 0,
  );
  engine.catchUp(AT + 3_600_000); // The world has gone on while the message was being written down.
  expect(engine.settledTime).toBe(AT + 3_600_000);
  engine.accept({ wamid: "w", at: AT, phone: "+34600000001", type: "text", category: "service", quickReplies: [] });
  expect(engine.settledTime).toBeLessThan(AT + 60_000);
  engine.catchUp(AT + 7 * 86_400_000);
  expect(engine.settledTime).toBe(AT + 7 * 86_400_000);
});
