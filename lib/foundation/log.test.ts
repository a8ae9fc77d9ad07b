import { expect, test } from "vitest";
import { createLog, redact, safeMessage } from "./log";

function capture(pretty = false) {
  const lines: string[] = [];
  const log = createLog({ level: "info", pretty }, { write: (line) => void lines.push(line) });
  return { log, lines };
}

test("a line is one JSON object with level, time, event and ids", () => {
  const { log, lines } = capture();
  log.info("campaign.launched", { campaignId: "018f" });
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? "")).toEqual({
    level: "info",
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    event: "campaign.launched",
    campaignId: "018f",
  });
});

test("below the level nothing is written", () => {
  const { log, lines } = capture();
  log.debug("nothing");
  expect(lines).toEqual([]);
});

test("a line break in a value stays inside its line", () => {
  const { log, lines } = capture();
  log.info("event", { id: "a\r\nINFO forged" });
  expect(
    lines
      .join("")
      .trimEnd()
      .split(/[\r\n]/),
  ).toHaveLength(1);
});

test("the readable form shows time, level, event and fields", () => {
  const { log, lines } = capture(true);
  log.warn("worker.late", { lane: 3, id: "x" });
  expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d warn {2}worker\.late lane=3 id=x\n$/);
});

test.each([
  "phone",
  "phoneNumber",
  "to_phone",
  "wa_id",
  "name",
  "firstName",
  "email",
  "accessToken",
  "password",
  "appSecret",
  "body",
  "text",
  "Authorization",
  "cookies",
  "apiKey",
  "ip",
  "user_agent",
])("a value under %j never reaches the log, however deep", (key) => {
  expect(JSON.stringify(redact({ [key]: "Ana", deep: [{ [key]: "Ana" }] }))).not.toContain("Ana");
});

test.each(["campaignId", "phoneNumberId", "hostname", "jobName", "context", "attempt", "bodyBytes", "zip"])(
  "%j is kept",
  (key) => {
    expect(redact({ [key]: "kept" })).toEqual({ [key]: "kept" });
  },
);

test("a phone number inside any text is cut out", () => {
  expect(redact({ reason: "no route to +34600111222" })).toEqual({ reason: "no route to +[redacted]" });
});

test("an error says where it broke and not with whose data", () => {
  const cause = Object.assign(new Error("duplicate key"), { code: "23505", detail: "Key (name)=(Ana) already exists" });
  const error = new Error("Failed query: insert into x values ($1)\nparams: Ana,+34600111222", { cause });
  const text = JSON.stringify(redact({ error }));
  expect(text).toContain("Failed query: insert into x");
  expect(text).toContain("23505");
  expect(text).not.toMatch(/Ana|34600111222/);
  expect(safeMessage(error)).toBe("Failed query: insert into x values ($1)");
});

test("endless structures end", () => {
  const loop: Record<string, unknown> = {};
  loop.again = loop;
  expect(() =>
    redact({ loop, many: Array.from({ length: 1000 }, () => 1), big: 1n, bytes: Buffer.alloc(5) }),
  ).not.toThrow();
});
