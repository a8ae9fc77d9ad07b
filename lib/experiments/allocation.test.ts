import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Allocation, allocate as allocateAll, expectedSizes, HOLDOUT, plannedShares } from "./allocation";

const allocate = (allocation: Allocation) => new Map(allocateAll(allocation).map(({ id, part }) => [id, part]));

/** People whose ids depend on a number only, so that every run meets the same ones. */
function people(count: number, { lane = 0, strata = ["ES"], salt = "" } = {}) {
  return Array.from({ length: count }, (_, i) => {
    const hex = createHash("sha256").update(`${salt}${lane}:${i}`).digest("hex");
    const last = ((Number.parseInt(hex.slice(30, 32), 16) & 0xc0) | lane).toString(16).padStart(2, "0");
    const id = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 30)}${last}`;
    return { id, stratum: strata[i % strata.length] ?? "" };
  });
}

const seedOf = (n: number) => createHash("sha256").update(`seed ${n}`).digest();

function counts(allocation: Map<string, string>, ids?: string[]): Record<string, number> {
  const result: Record<string, number> = {};
  for (const [id, key] of allocation) {
    if (ids && !ids.includes(id)) continue;
    result[key] = (result[key] ?? 0) + 1;
  }
  return result;
}

const splits = fc
  .record({
    weights: fc.array(fc.integer({ min: 1, max: 10_000 }), { minLength: 1, maxLength: 8 }),
    holdoutBasisPoints: fc.integer({ min: 0, max: 5_000 }),
  })
  .map(({ weights, holdoutBasisPoints }) => ({
    arms: weights.map((weight, i) => ({ key: "ABCDEFGH".charAt(i), weight })),
    holdoutBasisPoints,
  }));

const even = {
  arms: [
    { key: "A", weight: 5_000 },
    { key: "B", weight: 5_000 },
  ],
  holdoutBasisPoints: 1_000,
};

describe("allocation", () => {
  it("gives everybody exactly one part, the same on every run and whatever the order of the input", () => {
    fc.assert(
      fc.property(splits, fc.integer({ min: 0, max: 63 }), fc.integer({ min: 0, max: 300 }), (split, lane, size) => {
        const contacts = people(size, { lane, strata: ["ES", "MX", "CO"] });
        const first = allocate({ ...split, seed: seedOf(size), lane, contacts });
        const again = allocate({
          seed: seedOf(size),
          lane,
          arms: [...split.arms].reverse(),
          holdoutBasisPoints: split.holdoutBasisPoints,
          contacts: [...contacts].reverse(),
        });
        expect(first.size).toBe(size);
        expect(new Map([...again].sort())).toEqual(new Map([...first].sort()));
      }),
      { numRuns: 60 },
    );
  });

  it("keeps every stratum of every lane within one person of the exact share", () => {
    fc.assert(
      fc.property(splits, fc.integer({ min: 0, max: 63 }), fc.integer({ min: 0, max: 400 }), (split, lane, size) => {
        const contacts = people(size, { lane, strata: ["ES", "MX"] });
        const allocation = allocate({ ...split, seed: seedOf(lane), lane, contacts });
        for (const stratum of ["ES", "MX"]) {
          const ids = contacts.filter((contact) => contact.stratum === stratum).map(({ id }) => id);
          const found = counts(allocation, ids);
          for (const [key, share] of plannedShares(split))
            expect(Math.abs((found[key] ?? 0) - share * ids.length)).toBeLessThan(1);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("favours no part with the left-over people: over seeds each gets its fraction of them", () => {
    const split = {
      arms: [
        { key: "A", weight: 1 },
        { key: "B", weight: 3 },
      ],
      holdoutBasisPoints: 2_000,
    };
    const contacts = people(3, { lane: 5 });
    const totals: Record<string, number> = {};
    const runs = 4_000;
    for (let n = 0; n < runs; n++)
      for (const [key, count] of Object.entries(counts(allocate({ ...split, seed: seedOf(n), lane: 5, contacts }))))
        totals[key] = (totals[key] ?? 0) + count;
    // Expected 0.6, 1.8, 0.6 people a run; one standard error is below 0.008.
    for (const [key, share] of plannedShares(split)) expect((totals[key] ?? 0) / runs).toBeCloseTo(share * 3, 1);
  });

  it("lets the left-overs of the lanes cancel: totals stay within a few people of the plan", () => {
    for (let n = 0; n < 20; n++) {
      const totals: Record<string, number> = {};
      let everybody = 0;
      for (let lane = 0; lane < 64; lane++) {
        const contacts = people(7 + ((lane * 13 + n) % 9), { lane, salt: `${n}` });
        everybody += contacts.length;
        const found = counts(allocate({ ...even, seed: seedOf(n), lane, contacts }));
        for (const [key, count] of Object.entries(found)) totals[key] = (totals[key] ?? 0) + count;
      }
      for (const [key, share] of plannedShares(even))
        expect(Math.abs((totals[key] ?? 0) - share * everybody)).toBeLessThanOrEqual(6);
    }
  });

  it("puts a person into a part with the planned probability, wherever they stand in the list", () => {
    const contacts = people(10, { lane: 9 });
    const first = contacts[0];
    let heldOut = 0;
    for (let n = 0; n < 4_000; n++)
      if (first && allocate({ ...even, seed: seedOf(n), lane: 9, contacts }).get(first.id) === HOLDOUT) heldOut++;
    expect(heldOut / 4_000).toBeCloseTo(0.1, 1);
  });

  it("follows the published procedure to the letter", () => {
    // printf ID | openssl dgst -sha256 -hmac contraste gives 61df…, 77f4… and 1c10…: the third person comes first.
    // printf remainders:ES | … gives f458…, so u = 0.95, and the odd person falls to B.
    const ids = ["40", "80", "c0"].map((end) => `00000000-0000-4000-8000-0000000000${end}`);
    const allocation = allocate({
      arms: [
        { key: "A", weight: 1 },
        { key: "B", weight: 1 },
      ],
      holdoutBasisPoints: 0,
      seed: Buffer.from("contraste"),
      lane: 0,
      contacts: ids.map((id) => ({ id, stratum: "ES" })),
    });
    expect(ids.map((id) => allocation.get(id))).toEqual(["B", "B", "A"]);
  });

  it("refuses weights and shares that are no shares", () => {
    expect(() => plannedShares({ arms: [], holdoutBasisPoints: 0 })).toThrow(RangeError);
    expect(() => plannedShares({ arms: [{ key: "A", weight: 0.5 }], holdoutBasisPoints: 0 })).toThrow(RangeError);
    expect(() => plannedShares({ arms: [{ key: "A", weight: 1 }], holdoutBasisPoints: 10_000 })).toThrow(RangeError);
  });
});

describe("expected sizes", () => {
  it("add up to everybody", () => {
    fc.assert(
      fc.property(splits, fc.integer({ min: 0, max: 1_000_000 }), (split, size) => {
        const total = [...expectedSizes(split, size).values()].reduce((sum, n) => sum + n, 0);
        expect(total).toBe(size);
      }),
    );
  });
});

it("the order in which they leave mixes the parts: every tenth of it has its share of each", () => {
  const contacts = people(4_000, { lane: 5 });
  const inOrder = allocateAll({ ...even, seed: seedOf(7), lane: 5, contacts }).toSorted((a, b) =>
    a.order < b.order ? -1 : 1,
  );
  for (let tenth = 0; tenth < 10; tenth++) {
    const some = inOrder.slice(tenth * 400, (tenth + 1) * 400);
    for (const [part, share] of plannedShares(even)) {
      const found = some.filter((one) => one.part === part).length;
      // Five standard deviations: what chance does not do, and an order that follows the cut does at once.
      expect(Math.abs(found - 400 * share)).toBeLessThan(5 * Math.sqrt(400 * share * (1 - share)));
    }
  }
});
