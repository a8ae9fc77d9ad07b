import { sql } from "drizzle-orm";
import { afterAll, expect, test } from "vitest";
import { testDatabase } from "./database";

const t = await testDatabase();
afterAll(() => t.close());

test("a test file has a migrated sandbox database of its own", async () => {
  expect(await t.db.execute(sql`select mode, name from installation`)).toEqual([
    { mode: "sandbox", name: "test.contraste.local" },
  ]);
});

test("every process signs in as its own role, none of them a superuser", async () => {
  for (const role of ["owner", "console", "ingress", "worker"] as const) {
    expect(
      await t.as(role).execute(sql`select current_user as who, rolsuper or rolcreaterole or rolcreatedb as mighty
        from pg_roles where rolname = current_user`),
    ).toEqual([{ who: `contraste_${role}`, mighty: false }]);
  }
});

test("the key store answers with keys that a second question repeats", async () => {
  const id = "018f4e5c-0000-4000-8000-000000000001";
  const made = await t.keystore.createKeys([id]);
  expect(made.get(id)).toHaveLength(32);
  expect(await t.keystore.keysOf([id])).toEqual(made);
});

test("a connection left open makes the file fail", async () => {
  const { connect } = await import("@/db/client");
  const other = await testDatabase();
  const forgotten = connect(other.urls.worker, { max: 1, role: "worker" });
  await forgotten.db.execute(sql`select 1`);
  await expect(other.close()).rejects.toThrow(/left connections open: contraste_worker/);
  await forgotten.close();
});
