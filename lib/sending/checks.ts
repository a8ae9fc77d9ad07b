/** The twelve checks of the gate, in their order (compliance 3.1). Bit i − 1 of a mask belongs to check i. */
export const gateChecks = [
  "kill_switch",
  "campaign_running_as_approved",
  "template_approved",
  "contact_free",
  "consent_valid",
  "not_suppressed",
  "market_and_age",
  "quiet_hours",
  "frequency_caps",
  "pair_rate",
  "deadline",
  "not_written_already",
] as const;

export type GateCheck = (typeof gateChecks)[number];

export interface CheckResult {
  check: GateCheck;
  result: "passed" | "failed" | "not_evaluated";
}

/** What the gate found for one attempt, check by check. */
export function readChecks(passed: number, notEvaluated: number): CheckResult[] {
  return gateChecks.map((check, i) => {
    if (notEvaluated & (1 << i)) return { check, result: "not_evaluated" };
    return { check, result: passed & (1 << i) ? "passed" : "failed" };
  });
}
