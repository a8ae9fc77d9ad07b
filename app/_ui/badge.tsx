import clsx from "clsx";
import {
  Archive,
  Check,
  CircleDot,
  Clock,
  Equal,
  Flag,
  type LucideIcon,
  Minus,
  Pause,
  Pencil,
  Send,
  Snowflake,
  Timer,
  Triangle,
  User,
  X,
} from "lucide-react";
import type { ReactNode } from "react";
import { type Tone, toneIcons } from "./tones";
import { UiText } from "./ui-text.client";

/** Icon, word and colour. `filled` for judgements, plain for states in lists. */
export function StatusBadge({
  tone,
  icon,
  filled = false,
  children,
}: {
  tone: Tone;
  icon?: LucideIcon;
  filled?: boolean;
  children: ReactNode;
}) {
  const Icon = icon ?? toneIcons[tone];
  return (
    <span className={clsx("badge", `tone-${tone}`, filled && "is-filled")}>
      <Icon aria-hidden />
      {children}
    </span>
  );
}

const campaignStates = {
  draft: { tone: "idle", icon: Pencil },
  in_review: { tone: "info", icon: User },
  approved: { tone: "ok", icon: Check },
  scheduled: { tone: "info", icon: Clock },
  sending: { tone: "ok", icon: Send },
  measuring: { tone: "info", icon: Timer },
  concluded: { tone: "ok", icon: Flag },
  paused: { tone: "warn", icon: Pause },
  frozen: { tone: "bad", icon: Snowflake },
  stopped: { tone: "bad", icon: X },
  archived: { tone: "idle", icon: Archive },
} as const satisfies Record<string, { tone: Tone; icon: LucideIcon }>;

export type CampaignState = keyof typeof campaignStates;

/** The one badge of a campaign's state. */
export function CampaignBadge({ status }: { status: CampaignState }) {
  return (
    <StatusBadge {...campaignStates[status]}>
      <UiText id={`campaignStatus.${status}`} />
    </StatusBadge>
  );
}

const guardrailTones = { inside: "ok", watch: "warn", breached: "bad" } as const;

/** How a limit stands, as the engine judged it. */
export function GuardrailBadge({ status, filled = false }: { status: keyof typeof guardrailTones; filled?: boolean }) {
  return (
    <StatusBadge tone={guardrailTones[status]} filled={filled}>
      <UiText id={`guardrail.${status}`} />
    </StatusBadge>
  );
}

const words = {
  better: { icon: Triangle, className: "is-better" },
  better_size_unknown: { icon: Triangle, className: "is-better" },
  better_small: { icon: Triangle, className: "is-better" },
  worse: { icon: Triangle, className: "is-worse" },
  equivalent: { icon: Equal, className: "" },
  unclear: { icon: Minus, className: "text-muted" },
  unresolved: { icon: CircleDot, className: "text-muted" },
} as const;

export type ComparisonWord = keyof typeof words;

/** How a difference reads, in a word that the engine chose: never computed here, never "winner". */
export function WordTag({ word }: { word: ComparisonWord }) {
  const { icon: Icon, className } = words[word];
  return (
    <span className={clsx("word", className)}>
      <Icon aria-hidden className={word === "worse" ? "rotate-180" : undefined} />
      <UiText id={`words.${word}`} />
    </span>
  );
}
