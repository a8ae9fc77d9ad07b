import { sql } from "drizzle-orm";
import { afterAll, expect, test } from "vitest";
import * as z from "zod";
import { testDatabase } from "@/db/testing/database";
import { enqueue } from "./enqueue";
import { listFailedJobs } from "./failed";
import { defineJob } from "./job";
import { type RunningJobs, runJobs } from "./run";

const t = await testDatabase();
const running: RunningJobs[] = [];
afterAll(async () => {
  await Promise.all(running.map((jobs) => jobs.stop()));
  await t.close();
});

interface Seen {
  see(text: string): void;
}

const greet = defineJob({
  name: "test.greet",
  payload: z.object({ id: z.string() }),
  retry: { attempts: 3 },
  run: async (ctx: Seen, { id }) => ctx.see(id),
});
const breakDown = defineJob({
  name: "test.break_down",
  payload: z.object({}),
  retry: { attempts: 1 },
  run: async (_ctx: Seen) => {
    throw new Error("Failed query: select 1\nparams: +34600111222,Ana");
  },
});

/** Starts a worker; `seen(n)` resolves when its jobs have reported n times. */
async function worker(jobs = [greet, breakDown]) {
  const reports: string[] = [];
  const waiting: { count: number; done(): void }[] = [];
  const started = await runJobs({
    url: t.urls.worker,
    jobs,
    concurrency: 2,
    context: () => ({
      see(text: string) {
        reports.push(text);
        for (const one of waiting) if (reports.length >= one.count) one.done();
      },
    }),
  });
  running.push(started);
  const seen = (count: number) =>
    new Promise<string[]>((done) => {
      if (reports.length >= count) done(reports);
      waiting.push({ count, done: () => done(reports) });
    });
  return { ...started, seen };
}

const waitingJobs = () => t.db.execute(sql`select key, payload from graphile_worker._private_jobs order by id`);

test("a job enqueued in a transaction that rolls back never existed", async () => {
  await t
    .as("console")
    .transaction(async (tx) => {
      await enqueue(tx, greet, { id: "never" });
      tx.rollback();
    })
    .catch(() => {});
  expect(await waitingJobs()).toEqual([]);
});

test("console, ingress and worker enqueue; console and ingress cannot look into the queue or call it directly", async () => {
  for (const role of ["console", "ingress", "worker"] as const)
    await enqueue(t.as(role), greet, { id: role }, { key: role });
  for (const role of ["console", "ingress"] as const) {
    await expect(t.as(role).execute(sql`select * from graphile_worker._private_jobs`)).rejects.toThrow();
    await expect(t.as(role).execute(sql`select graphile_worker.add_job('x')`)).rejects.toThrow();
  }
  const { stop, seen } = await worker();
  expect([...(await seen(3))].sort()).toEqual(["console", "ingress", "worker"]);
  await stop();
  expect(await waitingJobs()).toEqual([]);
});

test("a waiting job with the same key is replaced", async () => {
  const runAt = new Date(Date.now() + 3_600_000);
  await enqueue(t.as("console"), greet, { id: "first" }, { key: "same", runAt });
  await enqueue(t.as("console"), greet, { id: "second" }, { key: "same", runAt });
  expect(await waitingJobs()).toEqual([{ key: "same", payload: { id: "second" } }]);
  await t.db.execute(sql`delete from graphile_worker._private_jobs`);
});

test("a payload of the wrong shape is refused before it is enqueued", async () => {
  // @ts-expect-error the compiler refuses it too
  await expect(enqueue(t.as("console"), greet, { id: 7 })).rejects.toThrow();
  expect(await waitingJobs()).toEqual([]);
});

test("a job that used up its attempts is listed, without the parameters its error quoted", async () => {
  await enqueue(t.as("console"), breakDown, {});
  await enqueue(t.as("console"), greet, { id: "after" }, { runAt: new Date(Date.now() + 1) });
  const { stop, seen } = await worker();
  await seen(1);
  // That it failed is written after it failed: a worker that is stopped before gives it back instead.
  await expect
    .poll(() => listFailedJobs(t.as("console")), { timeout: 30_000 })
    .toMatchObject([{ name: "test.break_down", attempts: 1, error: "Failed query: select 1" }]);
  await stop();
  await t.db.execute(sql`delete from graphile_worker._private_jobs`);
});

test("stopping asks a running job to end and waits for it", async () => {
  const long = defineJob({
    name: "test.long",
    payload: z.object({}),
    retry: { attempts: 3 },
    run: async (ctx: Seen, _payload, { signal }) => {
      ctx.see("started");
      await new Promise((done) => signal.addEventListener("abort", done));
      ctx.see("ended");
    },
  });
  await enqueue(t.as("console"), long, {});
  const { stop, seen } = await worker([long]);
  await seen(1);
  await stop();
  expect(await seen(2)).toEqual(["started", "ended"]);
  expect(await waitingJobs()).toEqual([]);
});

test("a job that does not end is given up when the worker stops, and runs again in the next one", async () => {
  let stuck = true;
  const deaf = defineJob({
    name: "test.deaf",
    payload: z.object({}),
    retry: { attempts: 5 },
    run: async (ctx: Seen) => {
      ctx.see("started");
      if (stuck) await new Promise(() => {});
    },
  });
  await enqueue(t.as("console"), deaf, {});
  const first = await worker([deaf]);
  await first.seen(1);
  await first.stop();
  stuck = false;
  await t.db.execute(sql`update graphile_worker._private_jobs set run_at = now()`); // instead of its pause
  const second = await worker([deaf]);
  expect(await second.seen(1)).toEqual(["started"]);
  await expect.poll(waitingJobs, { timeout: 30_000 }).toEqual([]); // that it ended is written after it was seen
  await second.stop();
});

test("the jobs of a worker that was killed are free again when the next one starts, those of a living one are not", async () => {
  await enqueue(t.as("console"), greet, { id: "orphan" });
  await enqueue(t.as("console"), greet, { id: "busy" }, { runAt: new Date(Date.now() + 3_600_000) });
  await t.db.execute(sql`update graphile_worker._private_jobs set locked_at = now(),
    locked_by = case payload->>'id' when 'orphan' then 'pool-dead' else 'pool-alive' end`);
  await t.db.transaction(async (alive) => {
    await alive.execute(sql`select pg_advisory_xact_lock(${0x6a6f6273}, hashtext('pool-alive'))`);
    const { stop, seen } = await worker();
    expect(await seen(1)).toEqual(["orphan"]);
    await stop();
  });
  expect(await waitingJobs()).toMatchObject([{ payload: { id: "busy" } }]);
});
