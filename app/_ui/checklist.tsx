import clsx from "clsx";
import type { ReactNode } from "react";
import { type Tone, toneIcons } from "./tones";
import { UiText } from "./ui-text.client";

export interface CheckItem {
  id: string;
  /** `todo`: a step that is still to come. */
  status: "pass" | "warn" | "block" | "unknown" | "todo";
  title: ReactNode;
  /** The fact in short, in the same line. */
  value?: ReactNode;
  /** A paragraph where something is not right. */
  explanation?: ReactNode;
  /** Links to where it is mended. */
  fixes?: ReactNode;
}

const tones: Record<CheckItem["status"], Tone> = {
  pass: "ok",
  warn: "warn",
  block: "bad",
  unknown: "idle",
  todo: "idle",
};

/** What passes takes a line; what does not explains itself and links to the fix. `unknown` blocks like `block`. */
export function Checklist({ items }: { items: readonly CheckItem[] }) {
  return (
    <ul>
      {items.map((item) => {
        const Icon = toneIcons[tones[item.status]];
        const isBlocking = item.status === "block" || item.status === "unknown";
        return (
          <li
            key={item.id}
            id={`check-${item.id}`}
            className={clsx(
              "check-row",
              `tone-${tones[item.status]}`,
              item.status === "pass" && "is-pass",
              isBlocking && "is-blocking",
            )}
          >
            <Icon aria-hidden />
            <div className="min-w-0">
              <strong>{item.title}</strong>
              {item.value && <span className="num"> · {item.value}</span>}
              {item.explanation && <p>{item.explanation}</p>}
              {item.fixes && <div className="mt-1.5 flex flex-wrap gap-4">{item.fixes}</div>}
            </div>
            <span className="check-word">
              <UiText id={`check.${item.status}`} />
            </span>
          </li>
        );
      })}
    </ul>
  );
}

export interface TimelineEntry {
  id: string;
  tone?: Tone;
  /** A `<TimeText>`, usually. */
  when: ReactNode;
  title: ReactNode;
  detail?: ReactNode;
}

/** What happened, in the order given (newest first is the rule). */
export function Timeline({ entries }: { entries: readonly TimelineEntry[] }) {
  return (
    <ol className="timeline">
      {entries.map((entry) => {
        const tone = entry.tone ?? "idle";
        const Icon = toneIcons[tone];
        return (
          <li key={entry.id} className={`tone-${tone}`}>
            <Icon aria-hidden />
            <div className="min-w-0">
              <span className="font-medium">{entry.title}</span> <span className="note">{entry.when}</span>
              {entry.detail && <div className="text-muted">{entry.detail}</div>}
            </div>
          </li>
        );
      })}
    </ol>
  );
}
