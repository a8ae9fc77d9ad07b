import clsx from "clsx";
import { Check } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";

export interface Step {
  key: string;
  title: ReactNode;
  /** What was chosen there, or how many things are wrong. */
  summary?: ReactNode;
  state: "todo" | "done" | "error";
  /** Left out while a step may not be visited yet. */
  href?: string;
}

/** The steps of the builder: number, name, what they hold; the current one is marked. `saved` is the autosave line. */
export function Stepper({
  label,
  steps,
  current,
  saved,
}: {
  label: string;
  steps: readonly Step[];
  current: string;
  saved?: ReactNode;
}) {
  return (
    <nav aria-label={label} className="stepper">
      <ol>
        {steps.map((step, index) => {
          const isCurrent = step.key === current;
          const content = (
            <>
              <span className="stepper-dot">
                {step.state === "done" && !isCurrent ? <Check aria-hidden /> : index + 1}
              </span>
              <b>{step.title}</b>
              {step.summary && <small>{step.summary}</small>}
            </>
          );
          return (
            <li
              key={step.key}
              className={clsx(step.state === "done" && "is-done", step.state === "error" && "has-errors")}
            >
              {step.href ? (
                <Link href={step.href} className="stepper-step" aria-current={isCurrent ? "step" : undefined}>
                  {content}
                </Link>
              ) : (
                <span className="stepper-step" aria-current={isCurrent ? "step" : undefined}>
                  {content}
                </span>
              )}
            </li>
          );
        })}
      </ol>
      {saved && (
        <p className="note mx-2 mt-4" role="status">
          {saved}
        </p>
      )}
    </nav>
  );
}
