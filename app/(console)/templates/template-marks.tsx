import { getTranslator } from "@/app/_server/preferences";
import { StatusBadge } from "@/app/_ui/badge";
import type { Tone } from "@/app/_ui/tones";

const statuses = {
  APPROVED: "ok",
  PENDING: "info",
  IN_APPEAL: "info",
  REJECTED: "bad",
  PAUSED: "warn",
  DISABLED: "bad",
  LIMIT_EXCEEDED: "warn",
  PENDING_DELETION: "idle",
  DELETED: "idle",
  ARCHIVED: "idle",
  FLAGGED: "bad",
  LOCKED: "bad",
} as const satisfies Record<string, Tone>;

const qualities = { GREEN: "ok", YELLOW: "warn", RED: "bad", UNKNOWN: "idle" } as const satisfies Record<string, Tone>;
const categories = ["MARKETING", "UTILITY", "AUTHENTICATION"] as const;

function isKeyOf<T extends object>(map: T, key: string): key is keyof T & string {
  return Object.hasOwn(map, key);
}

/** Meta's status in words; one that we do not know stands as Meta writes it. */
export async function TemplateStatus({ status }: { status: string }) {
  const t = await getTranslator("templates");
  if (!isKeyOf(statuses, status)) return <StatusBadge tone="idle">{status}</StatusBadge>;
  return <StatusBadge tone={statuses[status]}>{t(`status.${status}`)}</StatusBadge>;
}

/** Quality as Meta rates it from what people do with the messages. */
export async function TemplateQuality({ quality }: { quality: string }) {
  const t = await getTranslator("templates");
  if (!isKeyOf(qualities, quality)) return <StatusBadge tone="idle">{quality}</StatusBadge>;
  return <StatusBadge tone={qualities[quality]}>{t(`quality.${quality}`)}</StatusBadge>;
}

/** Category in words. */
export async function TemplateCategory({ category }: { category: string }) {
  const t = await getTranslator("templates");
  const known = categories.find((one) => one === category);
  return known ? t(`category.${known}`) : category;
}
