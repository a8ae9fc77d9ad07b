import { sql } from "drizzle-orm";
import { afterAll, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { newId } from "@/lib/foundation/ids";
import { countNotices, listNotices } from "../queries/list-notices";
import { dismissNotice } from "./dismiss-notice";
import { raiseNotice } from "./raise-notice";
import { resolveNotice } from "./resolve-notice";

const house = await testDatabase();
afterAll(() => house.close());

const worker = house.context({ kind: "system", name: "worker" });
const person = (role: "marketer" | "executive") =>
  house.context({ kind: "user", userId: newId(), roles: [role], sessionId: null });
const paused = (name: string) =>
  ({ kind: "template_paused", key: `template_paused ${name}`, params: { name } }) as const;

test("the same thing told twice is one open notice; once mended, the next time is a new one", async () => {
  const marketer = person("marketer");
  await raiseNotice(worker, paused("a"));
  await raiseNotice(worker, paused("a"));
  expect(await countNotices(marketer)).toBe(1);
  expect(await listNotices(marketer)).toMatchObject([{ kind: "template_paused", count: 2, resolvedAt: null }]);
  await resolveNotice(worker, "template_paused a");
  expect(await countNotices(marketer)).toBe(0);
  await raiseNotice(worker, paused("a"));
  expect((await listNotices(marketer)).map(({ count, resolvedAt }) => [count, resolvedAt === null])).toEqual([
    [1, true],
    [2, false],
  ]);
});

test("whoever may not read what a notice is about neither sees nor dismisses it; a dismissed one stays readable", async () => {
  await raiseNotice(worker, paused("b"));
  await expect(listNotices(person("executive"))).rejects.toMatchObject({ code: "forbidden" });
  const marketer = person("marketer");
  const [notice] = (await listNotices(marketer)).filter(({ params }) => params.name === "b");
  if (!notice) throw new Error("no notice");
  await expect(dismissNotice(person("executive"), { id: notice.id })).rejects.toMatchObject({ code: "forbidden" });
  const userId = newId();
  await house.db.execute(sql`insert into users (id, name, email, roles, created_at)
    values (${userId}::uuid, 'Eva', 'eva@example.org', '{marketer}', now())`);
  const eva = house.context({ kind: "user", userId, roles: ["marketer"], sessionId: null });
  await dismissNotice(eva, { id: notice.id });
  const closed = (await listNotices(marketer)).find(({ id }) => id === notice.id);
  expect(closed).toMatchObject({ resolvedBy: "Eva", resolvedAt: expect.any(Date) });
});

test("a notice that does not exist is refused by its name", async () => {
  await expect(dismissNotice(person("marketer"), { id: newId() })).rejects.toMatchObject({ code: "not_found" });
});
