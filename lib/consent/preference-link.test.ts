import { expect, test } from "vitest";
import { preferenceToken, readPreferenceToken } from "./preference-link";

const key = Buffer.alloc(32, 7);
const subject = { contactId: "8d7c5a10-1111-4222-8333-0123456789ab", brandId: "018f4e5c-0000-7000-8000-000000000001" };

test("a link leads to whom it was made for", () => {
  expect(readPreferenceToken(key, preferenceToken(key, subject))).toEqual(subject);
});

test("one changed character, another key, or another length: nobody", () => {
  const token = preferenceToken(key, subject);
  for (let i = 0; i < token.length; i++) {
    const other = token[i] === "A" ? "B" : "A";
    expect(readPreferenceToken(key, token.slice(0, i) + other + token.slice(i + 1))).toBeUndefined();
  }
  expect(readPreferenceToken(Buffer.alloc(32, 8), token)).toBeUndefined();
  for (const text of ["", `${token}A`, token.slice(1), "null"]) expect(readPreferenceToken(key, text)).toBeUndefined();
});
