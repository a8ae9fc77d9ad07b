import { getTranslator } from "@/app/_server/preferences";
import { StatusBadge } from "@/app/_ui/badge";
import type { Tone } from "@/app/_ui/tones";
import type { ImportStatus } from "@/lib/imports/import";

const tones: Readonly<Record<ImportStatus, Tone>> = {
  uploaded: "idle",
  awaiting_approval: "warn",
  approved: "info",
  running: "info",
  completed: "ok",
  failed: "bad",
  cancelled: "idle",
  refused: "bad",
};

/** The one badge of an import's state. */
export async function ImportBadge({ status }: { status: ImportStatus }) {
  const t = await getTranslator("imports");
  return <StatusBadge tone={tones[status]}>{t(`status.${status}`)}</StatusBadge>;
}
