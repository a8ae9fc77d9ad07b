import type { ActionResult } from "@/app/_server/action";

/** Refusals of the team's commands that have their own sentence; the rest say that nothing has changed. */
export type RefusalKey =
  | "email_taken"
  | "last_owner"
  | "second_person_required"
  | "disabled"
  | "forbidden"
  | "session_expired"
  | "factor_required"
  | "other";

const asItIs = ["second_person_required", "forbidden", "session_expired", "factor_required"] as const;

/** Which sentence says why a command of this page was refused; undefined when a field says it already. */
export function refusalKey(result: Extract<ActionResult<unknown>, { ok: false }>): RefusalKey | undefined {
  const { code, params } = result;
  if (code === "invalid_input") return undefined;
  if (code === "conflict" && params.field === "email") return "email_taken";
  if (code === "conflict" && (params.reason === "last_owner" || params.reason === "disabled")) return params.reason;
  return asItIs.find((known) => known === code) ?? "other";
}
