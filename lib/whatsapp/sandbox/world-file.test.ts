import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { peopleOf, readWorldFile } from "./world-file";

test("a world file needs nothing, and crowds are counted out with consecutive numbers", () => {
  expect(readWorldFile("{}")).toMatchObject({ people: [], faults: [], acts: [] });
  const file = readWorldFile(
    JSON.stringify({
      people: [{ phone: "+34600000001", name: "Lucía", tags: ["vip"] }],
      crowds: [{ firstPhone: "+5511900000009", count: 2, language: "pt", hidesPhone: true }],
    }),
  );
  expect(peopleOf(file)).toEqual([
    { phone: "+34600000001", name: "Lucía", tags: ["vip"] },
    { phone: "+5511900000009", language: "pt", hidesPhone: true },
    { phone: "+5511900000010", language: "pt", hidesPhone: true },
  ]);
});

test("the example is a world, and starts as one", () => {
  const file = readWorldFile(readFileSync(join(import.meta.dirname, "example-world.json"), "utf8"));
  expect(peopleOf(file)).toHaveLength(503);
  expect(file.settings.segments.map(({ name }) => name)).toEqual(["vip", "Brasil hates B"]);
  expect(file.faults).toHaveLength(4);
});

test.each([
  [{ people: [{ phone: "600000001" }] }, "people[0].phone"],
  [{ crowds: [{ firstPhone: "+34600000000", count: 0 }] }, "crowds[0].count"],
  [{ settings: { otherwise: { read: 1.5 } } }, "settings.otherwise.read"],
  [{ settings: { disordr: {} } }, "disordr"],
  [{ faults: [{ kind: "latency", ms: -1 }] }, "faults[0].ms"],
  [{ acts: [{ phone: "+34600000001", do: { act: "dance" } }] }, "acts[0].do.act"],
  [{ people: [{ phone: "+34600000001", timeZone: "Europe/Atlantis" }] }, "Europe/Madrid"],
])("a mistake in a world file is named by its place: %j", (file, place) => {
  expect(() => readWorldFile(JSON.stringify(file))).toThrow(place);
});
