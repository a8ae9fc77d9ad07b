import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readArchive, writeArchive } from "./archive";

const anyFiles = fc.uniqueArray(
  fc.record({ path: fc.string({ unit: "grapheme", minLength: 1, maxLength: 30 }), bytes: fc.uint8Array() }),
  {
    selector: ({ path }) => path,
    maxLength: 8,
  },
);

test("what is packed comes back, byte for byte and in order", () => {
  fc.assert(
    fc.property(anyFiles, (files) => {
      const read = readArchive(writeArchive(files));
      expect(read?.isExact).toBe(true);
      expect(read?.files.map(({ path, bytes }) => [path, [...bytes]])).toEqual(
        files.map(({ path, bytes }) => [path, [...bytes]]),
      );
    }),
  );
});

test("no bit of an archive can change and leave both its files and its spelling as they were", () => {
  const files = [
    { path: "a.txt", bytes: Buffer.from("alpha") },
    { path: "ñ/b", bytes: Buffer.alloc(0) },
  ];
  const packed = writeArchive(files);
  for (let bit = 0; bit < packed.length * 8; bit += 1) {
    const changed = Uint8Array.from(packed);
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    const read = readArchive(changed);
    const same = read?.isExact && JSON.stringify(read.files) === JSON.stringify(readArchive(packed)?.files);
    expect(same ?? false, `bit ${bit}`).toBe(false);
  }
  for (let length = 0; length < packed.length; length += 1) {
    expect(readArchive(packed.subarray(0, length))?.isExact ?? false).toBe(false);
  }
});

test("unzip, where there is one, finds nothing wrong with it", (context) => {
  const folder = mkdtempSync(join(tmpdir(), "archive-"));
  try {
    const path = join(folder, "a.zip");
    writeFileSync(path, writeArchive([{ path: "dir/é.txt", bytes: Buffer.from("hola\n".repeat(1_000)) }]));
    const { error, status, stdout } = spawnSync("unzip", ["-t", path], { encoding: "utf8" });
    if (error) return context.skip("unzip is not installed");
    expect(stdout).toContain("No errors detected");
    expect(status).toBe(0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
