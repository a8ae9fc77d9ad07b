import { expect, test } from "vitest";
import { translator } from "@/lib/i18n/translator";
import { effectOf } from "@/lib/whatsapp/error-codes";
import { messageProblemCodes } from "@/lib/whatsapp/message-problem";
import { reasonText } from "./reasons";

const spoken = { es: translator("es", "reasons"), en: translator("en", "reasons") };

test("a refusal that stops more than one message is told in a sentence, in both languages", () => {
  // Wrong PINs are met when a number is registered, never by a message.
  const codes = [0, 3, 10, 33, 190, 200, 368, 131005, 131031, 131037, 131042, 131044, 131045, 131048, 132001, 132007]
    .concat([132015, 132016, 133000, 133006, 133010, 134011, 134102, 131026, 131049, 131050])
    .filter((code) => effectOf(code) !== undefined);
  expect(codes).toHaveLength(26);
  for (const t of Object.values(spoken)) {
    for (const code of codes) expect(reasonText(`meta_${code}`, t), String(code)).not.toContain(String(code));
  }
});

test("what is unknown is named by its code, so that nothing is hidden", () => {
  expect(reasonText("meta_987654", spoken.en)).toContain("987654");
  expect(reasonText("sparkles", spoken.es)).toContain("sparkles");
});

test("what only one person's values can spoil is told in a sentence", () => {
  for (const code of ["text_too_long", "parameter_missing", "parameter_count", "card_count"]) {
    expect(messageProblemCodes).toContain(code);
    expect(reasonText(code, spoken.es)).not.toContain(code);
  }
});
