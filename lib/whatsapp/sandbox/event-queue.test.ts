import fc from "fast-check";
import { expect, test } from "vitest";
import { EventQueue } from "./event-queue";

test("events come out in the order of their time, and never before it", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 50 })), fc.integer({ min: 0, max: 50 }), (times, now) => {
      const queue = new EventQueue<{ at: number }>();
      for (const at of times) queue.push({ at });
      const taken: number[] = [];
      for (let event = queue.takeDue(now); event; event = queue.takeDue(now)) taken.push(event.at);
      expect(taken).toEqual(times.filter((at) => at <= now).sort((left, right) => left - right));
      expect(queue.size).toBe(times.length - taken.length);
    }),
  );
});
