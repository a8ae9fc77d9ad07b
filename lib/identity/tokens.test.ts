import { expect, test } from "vitest";
import { hashToken, newApiKeyToken, newToken, readApiKeyToken, writeApiKeyToken } from "./tokens";

test("a key is written and read back in its parts", () => {
  for (let i = 0; i < 200; i++) {
    const token = newApiKeyToken("sandbox");
    expect(readApiKeyToken(writeApiKeyToken(token))).toEqual(token);
  }
});

test("what is not exactly a key is no key", () => {
  const text = writeApiKeyToken(newApiKeyToken("live"));
  for (const broken of [
    "",
    "wk_",
    text.slice(0, -1),
    `${text}a`,
    ` ${text}`,
    text.replace("live", "test"),
    `${text}\n`,
  ]) {
    expect(readApiKeyToken(broken)).toBeUndefined();
  }
});

test("a token has 256 random bits and is stored as its SHA-256", () => {
  expect(Buffer.from(newToken(), "base64url")).toHaveLength(32);
  expect(hashToken("abc").toString("hex")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});
