import { sql } from "drizzle-orm";
import { afterAll, describe, expect, test } from "vitest";
import { array, connect } from "./client";
import { installation } from "./schema/installation";
import { testDatabase } from "./testing/database";

const t = await testDatabase();
afterAll(() => t.close());

const one = async (query: ReturnType<typeof sql>) => (await t.db.execute(query))[0]?.value;

describe("a list is one parameter, also in the first query of a pool", () => {
  const uuid = "018f4e5c-0000-7000-8000-00000000000a";
  const instant = new Date("2026-10-25T00:30:00.123Z");
  test.each([
    ["uuid", [uuid, null]],
    ["text", ["a", 'quote " backslash \\ comma , brace {} NULL', "", "null", null, " ", "ñ 😀\n"]],
    ["int", [1, -2, null]],
    ["smallint", [63]],
    ["double precision", [0.1, null, -1e-7]],
    ["boolean", [true, false, null]],
    ["bytea", [Buffer.from([0, 92, 34, 255]), null, Buffer.alloc(0)]],
    ["jsonb", [{ a: [1, "\\\"'"] }, null, "text", 5]],
    ["uuid", []],
  ] as const)("%s %j", async (type, values) => {
    const { db, close } = connect(t.url, { max: 1, role: "test" });
    const [row] = await db.execute(sql`select ${array(values, type)} as value`);
    await close();
    expect(row?.value).toEqual(values);
  });

  test("bigint and timestamptz come back as text", async () => {
    expect(await one(sql`select ${array([9_007_199_254_740_993n, null], "bigint")} as value`)).toEqual([
      "9007199254740993",
      null,
    ]);
    expect(await one(sql`select (${array([instant], "timestamptz")})[1] as value`)).toBe("2026-10-25 00:30:00.123+00");
  });

  test("it matches and unnests", async () => {
    expect(await one(sql`select ${uuid}::uuid = any(${array([uuid], "uuid")}) as value`)).toBe(true);
    expect(
      await t.db.execute(
        sql`select * from unnest(${array(["x", null], "text")}, ${array([1, 2], "int")}) as rows (name, n)`,
      ),
    ).toEqual([
      { name: "x", n: 1 },
      { name: null, n: 2 },
    ]);
  });
});

test("single values go in and out as they are", async () => {
  const bytes = Buffer.from([0, 1, 254, 255]);
  const [row] = await t.db.execute(sql`select
    ${bytes}::bytea as bytes, ${{ deep: [1, null, "é"] }}::jsonb as object, ${new Date("2026-03-29T01:00:00Z")}::timestamptz as at,
    ${null}::text as nothing, ${true}::boolean as yes, ${12n}::bigint as big, ${1.5}::double precision as half`);
  expect(row).toEqual({
    bytes,
    object: { deep: [1, null, "é"] },
    at: "2026-03-29 01:00:00+00",
    nothing: null,
    yes: true,
    big: "12",
    half: 1.5,
  });
});

test("a bytea keeps its bytes through hex", async () => {
  expect(await one(sql`select encode(decode(${"00ff"}, 'hex'), 'hex') as value`)).toBe("00ff");
});

test("the typed query builder reads dates as Date and the schema's names", async () => {
  const rows = await t.db.select({ mode: installation.mode, at: installation.createdAt }).from(installation);
  expect(rows).toEqual([{ mode: "sandbox", at: expect.any(Date) }]);
});

test("every connection speaks UTC, says who it is and bounds its statements", async () => {
  const [row] = await t.as("console").execute(sql`select current_setting('TimeZone') as zone,
    current_setting('application_name') as name, current_setting('statement_timeout') as longest`);
  expect(row).toEqual({ zone: "UTC", name: "contraste console", longest: "15s" });
});

test("a transaction that throws leaves nothing behind", async () => {
  await expect(
    t.db.transaction(async (tx) => {
      await tx.execute(sql`update installation set currency = 'XXX'`);
      throw new Error("no");
    }),
  ).rejects.toThrow("no");
  expect(await one(sql`select currency as value from installation`)).toBe("EUR");
});
