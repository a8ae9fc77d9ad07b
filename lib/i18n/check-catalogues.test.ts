import { describe, expect, test } from "vitest";
import { type Catalogue, checkCatalogues, unusedKeys } from "./check-catalogues";
import { messageShape } from "./icu-arguments";
import { messages } from "./messages";
import { translator } from "./translator";

const kinds = (es: Catalogue, en: Catalogue) =>
  checkCatalogues({ es, en }).map(({ kind, locale, key }) => `${kind} ${locale} ${key}`);

describe("the catalogues of the product", () => {
  test("have the same keys and arguments, parse, and promise nothing the data do not hold", () => {
    expect(checkCatalogues(messages)).toEqual([]);
  });

  test("a missing key does not compile", () => {
    const t = translator("es", "common");
    // @ts-expect-error the catalogue has no such key
    expect(() => t("noSuchKey")).toThrow();
  });

  test("a text is formatted with what it asks for, in either language", () => {
    const values = { name: "Inicio", count: 3, countText: "3" };
    expect(translator("es", "common")("navPending", values)).toBe("Inicio, 3 pendientes");
    expect(translator("en", "common")("navPending", { ...values, name: "Home" })).toBe("Home, 3 pending");
  });
});

describe("the check", () => {
  test("reports a key that one language lacks, whichever", () => {
    expect(kinds({ a: { b: "x", c: "y" } }, { a: { b: "x", d: "z" } })).toEqual(["missing es a.d", "missing en a.c"]);
  });

  test("reports messages that do not parse, are empty, or ask for other arguments", () => {
    expect(kinds({ a: "{x", b: " ", c: "{name}" }, { a: "x", b: "x", c: "{other}" })).toEqual([
      "unparsable es a",
      "empty es b",
      "arguments en a",
      "arguments en c",
    ]);
  });

  test("reports numbers and dates that a message would write by itself", () => {
    const text = "{n, number} {d, date, short} {c, plural, one {#} other {# más}}";
    expect(kinds({ a: text }, { a: text }).filter((line) => line.includes(" es "))).toEqual(
      Array(3).fill("format es a"),
    );
  });

  test.each([
    ["B es el ganador", "B is the winner"],
    ["Diferencia significativa", "A significant difference"],
    ["p < 0,05", "p < 0.05"],
    ["95 % de probabilidad de que B sea mejor", "95% likely that B is better"],
    ["No hay efecto", "There is no effect"],
    ["Tendencia hacia B", "Trending towards B"],
  ])("refuses “%s” and “%s”", (es, en) => {
    expect(kinds({ a: es }, { a: en })).toEqual(["banned es a", "banned en a"]);
  });

  test("lets the method name its terms", () => {
    expect(kinds({ method: { level: "Nivel significativo" } }, { method: { level: "Significant at" } })).toEqual([]);
  });

  test("reports keys that no source mentions; templates count", () => {
    const catalogue = { ns: { used: "x", dead: "x", state: { draft: "x" }, part: { a: { title: "x" } } } };
    // biome-ignore lint/suspicious/noTemplateCurlyInString: sources with templates in them
    const sources = ['t("used")', "t(`state.${status}`)", "t(`part.${key}.title`)"];
    expect(unusedKeys(catalogue, sources).map(({ key }) => key)).toEqual(["ns.dead"]);
  });

  test("reads arguments inside branches and leaves quoted text alone", () => {
    const { arguments: names, tags } = messageShape(
      "{n, plural, one {<b>{who}</b>} other {'{no}' ''{yes}''}} {k, select, a {x} other {y}}",
    );
    expect([...names.keys()]).toEqual(["n", "who", "yes", "k"]);
    expect([...tags]).toEqual(["b"]);
  });
});
