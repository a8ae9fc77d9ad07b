import { expect, test } from "vitest";
import { testStages } from "./stages";

const names = (isLong: boolean) => testStages({ isLong }).map(({ name }) => name);

test("the long form has every stage of the short one, and at its end the judges, whose packages nothing else installs", () => {
  expect(names(false)).not.toContain("judges");
  expect(names(true)).toEqual([...names(false), "judges"]);
});
