import type { MoneyResult } from "./analysis";

/** What is known about the money: `unmeasured` where nobody was held out, `incomplete` where prices or figures lack. */
export type ReturnWord = "pays" | "loses" | "unclear" | "unmeasured" | "incomplete";

/** Judged by the whole interval: money that came back for sure, that was lost for sure, or not known yet. */
export function returnWord({ roi, reason }: Pick<MoneyResult, "roi" | "reason">): ReturnWord {
  if (reason === "noHoldout") return "unmeasured";
  if (!roi) return "incomplete";
  return perUnitWord({ lower: roi.lower + 1, upper: roi.upper + 1 });
}

/** The same of money back for each unit spent, where 1 is as much as was spent. */
export function perUnitWord({ lower, upper }: { lower: number; upper: number }): "pays" | "loses" | "unclear" {
  if (lower > 1) return "pays";
  return upper < 1 ? "loses" : "unclear";
}
