import { CircleCheck, CircleHelp, Info, type LucideIcon, OctagonX, TriangleAlert } from "lucide-react";

/** A state: always icon, word and colour together. */
export type Tone = "ok" | "warn" | "bad" | "info" | "idle";

export const toneIcons: Record<Tone, LucideIcon> = {
  ok: CircleCheck,
  warn: TriangleAlert,
  bad: OctagonX,
  info: Info,
  idle: CircleHelp,
};
