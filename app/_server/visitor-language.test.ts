import { expect, test } from "vitest";
import { visitorLanguage } from "./visitor-language";

test.each([
  ["/forms/olmo", "en-GB,en;q=0.9", "en"],
  ["/forms/olmo", "fr, es;q=0.3, en;q=0.8", "en"],
  ["/forms/olmo", "fr-FR", "es"],
  ["/forms/olmo", null, "es"],
  ["/forms/olmo", "en;q=0, es", "es"],
  ["/forms/olmo?lang=es", "en", "es"],
  ["/preferences/abc?lang=en&done=all", "es", "en"],
  ["/preferences/abc?lang=xx", "en", "en"],
  ["/campaigns?lang=en", "en", undefined],
  ["/", "en", undefined],
  [null, "en", undefined],
])("%s for a browser that prefers %s: %s", (path, accepted, language) => {
  expect(visitorLanguage(path, accepted)).toBe(language);
});
