import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Outbox, type OutboxOptions } from "./outbox";

beforeEach(() => void vi.useFakeTimers({ now: 0 }));
afterEach(() => void vi.useRealTimers());

const LONGEST_MS = 15_000;

function outbox(given: Partial<OutboxOptions<string>>) {
  return new Outbox<string>({
    maxBatch: () => 10,
    concurrency: 1,
    deliver: async () => "taken",
    givesUp: () => false,
    now: Date.now,
    longestBackOffMs: LONGEST_MS,
    ...given,
  });
}

test("what is not taken is repeated at once and then less and less often", async () => {
  const tries: number[] = [];
  const box = outbox({
    deliver: async () => {
      tries.push(Date.now());
      return "again";
    },
  });
  box.add("status");
  await vi.advanceTimersByTimeAsync(120_000);
  const pauses = tries.slice(1).map((at, index) => at - (tries[index] ?? 0));
  expect(pauses[0]).toBeLessThanOrEqual(1);
  expect(pauses.slice(1, 6)).toEqual([100, 200, 400, 800, 1_600]);
  expect(pauses.every((pause, index) => pause >= (pauses[index - 1] ?? 0))).toBe(true);
  expect(Math.max(...pauses)).toBe(LONGEST_MS);
  expect(box.pending).toBe(1);
  await box.close();
});

test("one batch that is never taken holds up nothing else", async () => {
  const taken: string[] = [];
  const box = outbox({
    maxBatch: () => 1,
    deliver: async ([item = ""]) => {
      if (item === "poison") return "again";
      taken.push(item);
      return "taken";
    },
  });
  for (const item of ["poison", "one", "two"]) box.add(item);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(taken).toEqual(["one", "two"]);
  expect(box.pending).toBe(1);
  await box.close();
});

test("a batch is given up by the clock that it was given, and counted", async () => {
  let worldTime = 0;
  const dropped: string[] = [];
  const box = outbox({
    deliver: async () => "again",
    now: () => worldTime,
    givesUp: ({ times, since }) => times >= 3 && worldTime - since >= 7,
    onDropped: (items) => dropped.push(...items),
  });
  box.add("status");
  await vi.advanceTimersByTimeAsync(10_000);
  expect(dropped).toEqual([]);
  worldTime = 7;
  await vi.advanceTimersByTimeAsync(LONGEST_MS);
  expect({ dropped, count: box.dropped, pending: box.pending }).toEqual({ dropped: ["status"], count: 1, pending: 0 });
});

test("what shall be told at once overtakes what waits, and is repeated like everything else", async () => {
  const tries: string[][] = [];
  const box = outbox({
    deliver: async (items) => {
      tries.push(items);
      return tries.length === 1 ? "again" : "taken";
    },
  });
  box.add("older");
  await box.addAtOnce("first");
  await vi.advanceTimersByTimeAsync(1_000);
  expect(tries[0]).toEqual(["first"]);
  expect(tries.slice(1).sort()).toEqual([["first"], ["older"]]);
  expect(box.pending).toBe(0);
});
