import { expect, test } from "vitest";
import * as z from "zod";
import { AppError } from "@/lib/foundation/errors";
import { formValues, invalid, outcomeOf } from "./action";

test("boxes are a list however many are ticked, and the fields of the framework stay out", () => {
  const form = new FormData();
  form.append("$ACTION_ID_1", "x");
  form.append("name", "Ana");
  form.append("roles[]", "marketer");
  expect(formValues(form)).toEqual({ name: "Ana", roles: ["marketer"] });
});

test("a value that breaks its rule is named with the rule, and not repeated", () => {
  const parsed = z
    .object({ email: z.email(), roles: z.array(z.string()).min(1) })
    .safeParse({ email: "secret", roles: [] });
  if (parsed.success) throw new Error("should not parse");
  const result = invalid(parsed.error);
  expect(result).toEqual({
    ok: false,
    code: "invalid_input",
    params: {},
    fields: { email: "invalid_format", roles: "too_small" },
  });
});

test("a refusal becomes a result, at its field where it has one; a failure is thrown on", async () => {
  const refuse = (error: Error) =>
    outcomeOf(async () => {
      throw error;
    });
  expect(await refuse(new AppError("conflict", { field: "email" }))).toMatchObject({
    ok: false,
    code: "conflict",
    fields: { email: "conflict" },
  });
  expect(await refuse(new AppError("second_person_required"))).toMatchObject({ fields: {} });
  await expect(refuse(new Error("connection lost"))).rejects.toThrow("connection lost");
});
