import { createPrivateKey, type KeyObject, sign } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { holds } from "@/lib/foundation/testing/holds";
import { noteCosigner, noteSigner, signNote } from "./note";
import { openNote, readCosignature, readKey, verifyEd25519 } from "./verifier";

const PKCS8_HEAD = "302e020100300506032b657004220420"; // RFC 8410, before the seed
const keys = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map(
    (seed): KeyObject =>
      createPrivateKey({ key: Buffer.concat([Buffer.from(PKCS8_HEAD, "hex"), seed]), format: "der", type: "pkcs8" }),
  );
const publicBytes = (key: KeyObject) => Buffer.from(key.export({ format: "jwk" }).x ?? "", "base64url");
const names = fc.stringMatching(/^[a-z0-9.ñ/-]{1,20}$/u);
const texts = fc
  .array(fc.string({ unit: "grapheme", maxLength: 30 }), { minLength: 1, maxLength: 5 })
  .map((lines) => `${lines.join("\n")}\n`)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a note has none but the newline
  .filter((text) => !/[\u0000-\u0009\u000b-\u001f]/.test(text));

function flipped(bytes: Uint8Array, bit: number): Buffer {
  const changed = Buffer.from(bytes);
  const at = (bit >> 3) % changed.length;
  changed.writeUInt8(changed.readUInt8(at) ^ (1 << (bit & 7)), at);
  return changed;
}

test("a signature holds for its message and key, and not with one bit of message, signature or key changed", async () => {
  const messages = fc.uint8Array({ minLength: 1, maxLength: 200 });
  await holds(
    "Ed25519",
    fc.asyncProperty(keys, messages, fc.nat(), async (key, message, bit) => {
      const [publicKey, signature] = [publicBytes(key), sign(null, message, key)];
      expect(await verifyEd25519(publicKey, message, signature)).toBe(true);
      expect(await verifyEd25519(publicKey, flipped(message, bit), signature)).toBe(false);
      expect(await verifyEd25519(publicKey, message, flipped(signature, bit))).toBe(false);
      expect(await verifyEd25519(flipped(publicKey, bit), message, signature)).toBe(false);
    }),
    { runs: 100, long: 5_000 },
  );
});

test("whatever a note says and whoever signs beside, it opens as it was written, and not with one bit changed", async () => {
  const [ours, others] = [fc.tuple(names, keys), fc.array(fc.tuple(names, keys), { maxLength: 2 })];
  await holds(
    "note",
    fc.asyncProperty(texts, ours, others, fc.nat(), async (text, [name, key], strangers, bit) => {
      const signer = noteSigner(name, key);
      const note = signNote(text, [...strangers.map(([who, other]) => noteSigner(`stranger-${who}`, other)), signer]);
      const known = readKey(signer.verifierKey) ?? expect.fail();
      const unknownSignatures = strangers.length;
      expect(await openNote(Buffer.from(note), [known])).toMatchObject({
        kind: "verified",
        text,
        signers: [name],
        unknownSignatures,
      });
      const changed = await openNote(flipped(Buffer.from(signNote(text, [signer])), bit), [known]);
      expect(changed.kind).not.toBe("verified");
    }),
    { runs: 100, long: 4_000 },
  );
});

test("a witness' word holds for the second and the text that it saw, and for no other", async () => {
  const moments = fc.integer({ min: 0, max: 4_102_444_800 });
  await holds(
    "note",
    fc.asyncProperty(texts, names, keys, moments, fc.nat(), async (text, name, key, seconds, bit) => {
      const witness = noteCosigner(name, key);
      const known = readKey(witness.verifierKey) ?? expect.fail();
      const line = witness.cosignatureLine(text, new Date(seconds * 1_000)).trimEnd();
      expect(await readCosignature(line, text, known)).toBe(seconds);
      expect(await readCosignature(line, `${text}more\n`, known)).toBeUndefined();
      const bytes = Buffer.from(line.split(" ").at(-1) ?? "", "base64");
      const changed = `\u2014 ${name} ${flipped(bytes, bit).toString("base64")}`;
      expect(await readCosignature(changed, text, known)).toBeUndefined();
    }),
    { runs: 100, long: 2_000 },
  );
});
