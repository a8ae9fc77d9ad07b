import { OctagonX } from "lucide-react";
import type { ReactNode } from "react";
import { CopyButton } from "./copy-button.client";
import { UiText } from "./ui-text.client";

/** Never "no data": what this is, which filters hide it, or when it will have something. `steps` is the first-use how-to. */
export function EmptyState({
  title,
  children,
  steps,
  actions,
}: {
  title: ReactNode;
  children?: ReactNode;
  steps?: readonly { title: ReactNode; text: ReactNode }[];
  actions?: ReactNode;
}) {
  return (
    <div className={steps ? "panel md:p-8" : "panel"}>
      <h3 className={steps ? "text-figure" : undefined}>{title}</h3>
      {children && <div className="mt-1 max-w-measure text-muted">{children}</div>}
      {steps && (
        <ol className="my-6 grid gap-6 md:grid-cols-3">
          {steps.map((step, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: steps are in a fixed order
            <li key={index} className="border-t-2 border-ink pt-3">
              <b>
                {index + 1}&ensp;{step.title}
              </b>
              <p className="mt-1 text-muted">{step.text}</p>
            </li>
          ))}
        </ol>
      )}
      {actions && <div className="mt-3 flex flex-wrap gap-2">{actions}</div>}
    </div>
  );
}

/** A region that could not be read: what failed, what is still safe, how to try again, an id to copy. */
export function ErrorState({
  title,
  children,
  retry,
  errorId,
  errorName,
}: {
  title: ReactNode;
  children?: ReactNode;
  retry?: ReactNode;
  errorId?: string;
  /** What the copy button says it copies. */
  errorName?: string;
}) {
  return (
    <div className="panel" role="alert">
      <h3 className="flex items-center gap-2">
        <OctagonX aria-hidden className="text-bad" />
        {title}
      </h3>
      {children && <div className="mt-1 max-w-measure text-muted">{children}</div>}
      {(retry || errorId) && (
        <div className="mt-3 flex flex-wrap items-center gap-3">
          {retry}
          {errorId && (
            <span className="hash">
              {errorId}
              <CopyButton text={errorId} name={errorName} icon />
            </span>
          )}
        </div>
      )}
    </div>
  );
}

const WIDTHS = ["90%", "82%", "86%", "74%"];

/** The shape of what comes; invisible for the first 200 ms. */
export function Skeleton({ lines = 4 }: { lines?: number }) {
  return (
    <div role="status" aria-busy="true" className="skeleton-group grid gap-3">
      <span className="sr-only">
        <UiText id="loading" />
      </span>
      <div className="skeleton" style={{ width: "45%" }} />
      {Array.from({ length: lines }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines are all the same
        <div key={index} className="skeleton" style={{ width: WIDTHS[index % WIDTHS.length] }} />
      ))}
    </div>
  );
}
