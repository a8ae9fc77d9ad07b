import type { Tone } from "@/app/_ui/tones";
import type { NumberView } from "@/lib/numbers/queries/list-numbers";

/** The one word that says how a number is: what matters most comes first. */
export type NumberState =
  | "stopped"
  | "token"
  | "permission"
  | "not_found"
  | "pending"
  | "waits"
  | "badSecret"
  | "slowed"
  | "silent"
  | "throttled"
  | "unreachable"
  | "refused"
  | "unchecked"
  | "ok";

type Facts = Pick<
  NumberView,
  "stops" | "health" | "status" | "waitSeconds" | "rateShare" | "lastWebhookAt" | "webhookRefusedAt"
>;

export function stateOf(number: Facts): NumberState {
  const { stops, health, status, waitSeconds, rateShare, lastWebhookAt } = number;
  if (stops.length > 0) return "stopped";
  if (health === "token" || health === "permission" || health === "not_found") return health;
  if (status !== "CONNECTED") return "pending";
  if (waitSeconds > 0) return "waits";
  if (isSecretWrong(number)) return "badSecret";
  if (rateShare < 1) return "slowed";
  if (health !== "ok") return health;
  return lastWebhookAt ? "ok" : "silent";
}

/** The last thing that came was signed with a secret that is not ours. */
export function isSecretWrong({
  webhookRefusedAt,
  lastWebhookAt,
}: Pick<NumberView, "webhookRefusedAt" | "lastWebhookAt">): boolean {
  return webhookRefusedAt !== null && (lastWebhookAt === null || lastWebhookAt < webhookRefusedAt);
}

export const stateTones = {
  ok: "ok",
  stopped: "bad",
  token: "bad",
  permission: "bad",
  not_found: "bad",
  pending: "warn",
  waits: "warn",
  badSecret: "bad",
  slowed: "warn",
  silent: "warn",
  throttled: "info",
  unreachable: "warn",
  refused: "warn",
  unchecked: "idle",
} as const satisfies Record<NumberState, Tone>;

/** Whether campaigns of this number go out, now or in a moment by themselves. */
export function canSend(state: NumberState): boolean {
  return !["stopped", "token", "permission", "not_found", "pending"].includes(state);
}

const qualities = ["GREEN", "YELLOW", "RED"] as const;

/** Meta's rating, everything else being no rating at all. */
export function qualityOf(rating: string): (typeof qualities)[number] | "UNKNOWN" {
  return qualities.find((one) => one === rating) ?? "UNKNOWN";
}

export const qualityTones = { GREEN: "ok", YELLOW: "warn", RED: "bad", UNKNOWN: "idle" } as const;
