import { createTranslator } from "use-intl/core";
import type { Locale } from "./locales";
import { messages, type Namespace } from "./messages";

/**
 * The texts of one namespace in one language, for server components, worker and terminal: `t("save")`,
 * `t("recipients", { count: 2, countText: "2" })`. Numbers, money and dates are passed as text made by `formats.ts`.
 */
export function translator<const N extends Namespace>(locale: Locale, namespace: N) {
  return createTranslator({
    locale,
    namespace,
    messages: messages[locale],
    onError(error) {
      throw error;
    },
  });
}

export type Translator<N extends Namespace> = ReturnType<typeof translator<N>>;
