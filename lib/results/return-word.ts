import type { MoneyResult } from "./analysis";

/** What is known about the money: `unmeasured` where nobody was held out, `incomplete` where prices or figures lack. */
export type ReturnWord = "pays" | "loses" | "unclear" | "unmeasured" | "incomplete";

/** Judged on the whole interval: money that came back for sure, that was lost for sure, or not known yet. */
export function returnWord({ roi, reason }: Pick<MoneyResult, "roi" | "reason">): ReturnWord {
  if (reason === "noHoldout") return "unmeasured";
  if (!roi) return "incomplete";
  if (roi.lower > 0) return "pays";
  return roi.upper < 0 ? "loses" : "unclear";
}
