import * as fc from "fast-check";
import { expect, test } from "vitest";
import { arrayLiteral, parseArray } from "./arrays";

test("whatever is written reads back the same, with nulls, quotes and braces inside", () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.string({ unit: "binary" }))), (values) => {
      expect(parseArray(arrayLiteral(values), (text) => text)).toEqual(values);
    }),
  );
});

test("the server's own forms are understood", () => {
  expect(parseArray("{}", Number)).toEqual([]);
  expect(parseArray("{1,NULL,3}", Number)).toEqual([1, null, 3]);
  expect(parseArray('{NULL,"NULL",null}', (text) => text)).toEqual([null, "NULL", "null"]);
  expect(parseArray("{{1,2},{3,NULL}}", Number)).toEqual([
    [1, 2],
    [3, null],
  ]);
  expect(parseArray("[0:1]={7,8}", Number)).toEqual([7, 8]);
});
