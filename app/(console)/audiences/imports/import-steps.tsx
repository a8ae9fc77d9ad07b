import type { ReactNode } from "react";
import { getTranslator } from "@/app/_server/preferences";
import { Stepper } from "@/app/_ui/stepper";

export const importSteps = ["file", "columns", "effect", "result"] as const;
export type ImportStep = (typeof importSteps)[number];

/** The four steps of an import beside what the current one holds. A step is a link while one may go back to it. */
export async function ImportSteps({
  current,
  summaries = {},
  hrefs = {},
  wrong,
  children,
}: {
  current: ImportStep;
  summaries?: Partial<Record<ImportStep, ReactNode>>;
  hrefs?: Partial<Record<ImportStep, string>>;
  /** The step that keeps the import from going on. */
  wrong?: ImportStep;
  children: ReactNode;
}) {
  const t = await getTranslator("imports");
  const at = importSteps.indexOf(current);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-x-10 gap-y-6 pt-6 xl:grid-cols-[184px_minmax(0,1fr)]">
      <Stepper
        label={t("steps.label")}
        current={current}
        steps={importSteps.map((key, index) => ({
          key,
          title: t(`steps.${key}`),
          summary: key === wrong ? t("steps.wrong") : summaries[key],
          href: hrefs[key],
          state: key === wrong ? "error" : index < at ? "done" : "todo",
        }))}
      />
      <div className="min-w-0">{children}</div>
    </div>
  );
}
