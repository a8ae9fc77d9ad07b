import { expect, test } from "vitest";
import { generatePassword, hashPassword, passwordProblem, verifyPassword } from "./passwords";

const email = "lucia.fernandez@example.com";

test("a password has 12 to 128 characters, counted as people count them", () => {
  expect(passwordProblem("mi gato duer", email)).toBeUndefined();
  expect(passwordProblem("mi gato due", email)).toBe("too_short");
  expect(passwordProblem("🐈".repeat(6), email)).toBe("too_short");
  expect(passwordProblem(`${"ab c".repeat(32)}`, email)).toBeUndefined();
  expect(passwordProblem(`${"ab c".repeat(32)}d`, email)).toBe("too_long");
});

test("widespread passwords are refused, also lengthened with digits, and so is the person's own address", () => {
  for (const common of [
    "Password1234!",
    "contraseña2026",
    "123456789012",
    "qwertyuiop12",
    "aaaaaaaaaaaa",
    "WhatsApp2026!",
  ]) {
    expect(passwordProblem(common, email), common).toBe("common");
  }
  expect(passwordProblem(email, email)).toBe("common");
  expect(passwordProblem("lucia.fernandez1", email)).toBe("common");
});

test("the hash is argon2id with 19 MiB, 2 passes, 1 lane, and only the password opens it", async () => {
  const stored = await hashPassword("mi gato duerme");
  expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(await verifyPassword(stored, "mi gato duerme")).toBe(true);
  expect(await verifyPassword(stored, "mi gato duerme ")).toBe(false);
});

test("the same characters typed on another keyboard are the same password", async () => {
  const stored = await hashPassword("contraseña de mi gato");
  expect(await verifyPassword(stored, "contraseña de mi gato".normalize("NFD"))).toBe(true);
});

test("without an account every password is wrong", async () => {
  expect(await verifyPassword(undefined, "mi gato duerme")).toBe(false);
});

test("a generated password passes the rules and never comes twice", () => {
  const made = Array.from({ length: 50 }, () => generatePassword());
  expect(new Set(made).size).toBe(50);
  for (const password of made) expect(passwordProblem(password, email)).toBeUndefined();
});
