import { expect, test } from "vitest";
import { type SegmentRule, segmentRule } from "@/lib/segments/segment";
import { changePart, type DraftGroup, draftOf, newCondition, readDraft } from "./rule-draft";

const attributes = new Map([
  ["gasto", "number"],
  ["ciudad", "text"],
  ["socio", "boolean"],
] as const);
const readNumber = (text: string) => (/^\d+(,\d+)?$/.test(text) ? Number(text.replace(",", ".")) : undefined);
const given = { attributes, readNumber };
const purposeId = "01890a5d-ac96-774b-bcce-b302099a8057";

const rule: SegmentRule = {
  kind: "all",
  rules: [
    { kind: "country", operator: "in", values: ["ES", "MX"] },
    { kind: "attribute", key: "gasto", type: "number", operator: "at_least", value: 12.5 },
    {
      kind: "any",
      rules: [
        { kind: "attribute", key: "socio", type: "boolean", operator: "equals", value: true },
        { kind: "attribute", key: "ciudad", operator: "is_not_set" },
      ],
    },
    {
      kind: "not",
      rule: { kind: "any", rules: [{ kind: "consent", purposeId, operator: "is", status: "withdrawn" }] },
    },
  ],
};

test("a saved rule opened and saved again asks the same question", () => {
  const read = readDraft(
    draftOf(rule, (value) => String(value).replace(".", ",")),
    given,
  );
  expect(read).toEqual({ kind: "rule", rule });
  expect(segmentRule.safeParse(read.kind === "rule" ? read.rule : undefined).success).toBe(true);
});

test("a condition alone and the negation of a group are kept in meaning", () => {
  const one: SegmentRule = { kind: "country", operator: "in", values: ["ES"] };
  expect(readDraft(draftOf(one, String), given)).toEqual({ kind: "rule", rule: { kind: "all", rules: [one] } });
  const none: SegmentRule = { kind: "not", rule: { kind: "all", rules: [one] } };
  expect(readDraft(draftOf(none, String), given)).toEqual({
    kind: "rule",
    rule: { kind: "not", rule: { kind: "any", rules: [{ kind: "all", rules: [one] }] } },
  });
});

test("what is not complete is named, and nothing is guessed for it", () => {
  const empty = newCondition("a", "attribute:gasto", { attributes, purposeId });
  const draft: DraftGroup = {
    kind: "group",
    id: "root",
    mode: "all",
    parts: [empty, { ...empty, id: "b", values: ["doce"] }],
  };
  expect(readDraft(draft, given)).toEqual({ kind: "incomplete", ids: ["a", "b"] });
  const mended = changePart(
    changePart(draft, "b", () => undefined),
    "a",
    () => ({ ...empty, values: ["12"] }),
  );
  expect(readDraft(mended, given)).toMatchObject({
    kind: "rule",
    rule: { rules: [{ value: 12, operator: "at_least" }] },
  });
});
