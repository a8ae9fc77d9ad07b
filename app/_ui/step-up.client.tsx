"use client";

import { createContext, useCallback, useContext } from "react";
import { useTranslations } from "use-intl/react";
import type { AppErrorCode, AppErrorParams } from "@/lib/foundation/errors";

/** What `action()` of the console's glue returns. */
export type Outcome = { ok: true } | { ok: false; code: AppErrorCode; params: AppErrorParams };

export type Question = "code" | "enrol";
/** Asks and says whether a right code was given. `StepUpProvider` fills it in. */
export const StepUpContext = createContext<(question: Question) => Promise<boolean>>(async () => false);

const known = ["factor_wrong", "too_many_attempts", "invalid_input", "session_expired"] as const;

/** Why a code was refused, in words. */
export function useCodeRefusal(): (code: AppErrorCode) => string {
  const t = useTranslations("factor");
  return useCallback((code) => t(`errors.${known.find((one) => one === code) ?? "other"}`), [t]);
}

/**
 * `const proved = useStepUp(); const save = proved(saveRoles)`: the same action, which asks for a code when the command
 * wants a recent one, and is then done again. Whoever closes the question gets the refusal.
 */
export function useStepUp() {
  const ask = useContext(StepUpContext);
  return useCallback(
    <Input extends unknown[], Result extends Outcome>(work: (...input: Input) => Promise<Result>) =>
      async (...input: Input): Promise<Result> => {
        const outcome = await work(...input);
        if (outcome.ok || outcome.code !== "factor_required" || outcome.params.reason === "role") return outcome;
        return (await ask(outcome.params.reason === "not_enrolled" ? "enrol" : "code")) ? work(...input) : outcome;
      },
    [ask],
  );
}
