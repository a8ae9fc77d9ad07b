import { expect, test } from "vitest";
import { hrefOf, readFilter } from "./filter";

test("filters stand in the address, and only those that narrow", () => {
  const filter = readFilter({
    show: "stopped",
    search: " enero ",
    category: "MARKETING",
    quality: "",
    language: "es_MX",
  });
  expect(hrefOf(filter, {})).toBe("/templates?show=stopped&search=enero&category=MARKETING&language=es_MX");
  expect(hrefOf(filter, { show: "all", search: "", category: "", language: "" })).toBe("/templates");
  expect(readFilter({ show: "x", category: "y", quality: "z" })).toEqual(readFilter({}));
});
