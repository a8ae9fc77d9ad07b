/** A step of a waterfall: a total, or people who leave before the next one. */
export interface WaterfallStep {
  kind: "total" | "less";
  count: number;
}

export interface WaterfallBar {
  /** Per cent of the width, from the left. */
  from: number;
  width: number;
}

/** Bars from the first total down: each `less` ends where the step before it ended and takes its count away. */
export function waterfallBars(steps: readonly WaterfallStep[]): WaterfallBar[] {
  const largest = Math.max(1, ...steps.map((step) => step.count));
  let rest = 0;
  return steps.map(({ kind, count }) => {
    if (kind === "total") {
      rest = count;
      return { from: 0, width: (count / largest) * 100 };
    }
    rest = Math.max(0, rest - count);
    return { from: (rest / largest) * 100, width: (count / largest) * 100 };
  });
}
