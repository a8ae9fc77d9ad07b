import { DataTable } from "@/app/_ui/data-table";
import type { Moved } from "@/lib/campaigns/send-time";
import type { Formats } from "@/lib/i18n/formats";
import type { Translator } from "@/lib/i18n/translator";

/** People of one place from one instant on. `zone` and `country`: null where unknown. */
export interface WaveRow {
  at: Date | string;
  country: string | null;
  zone: string | null;
  people: number;
  moved?: Moved | null;
  clockChange?: "gap" | "fold" | null;
  isLegal?: boolean;
  isAfterDeadline?: boolean;
}

/** More rows than this say no more than their number. */
const SHOWN = 40;

/** Who is written to when: by zone, on their clock and on ours, and what moved them. */
export function WavesTable({
  waves,
  t,
  formats,
}: {
  waves: readonly WaveRow[];
  t: Translator<"campaigns">;
  formats: Formats;
}) {
  const rows = byZone(waves);
  const hidden = rows.slice(SHOWN);
  const isMoved = rows.some((row) => noteOf(row, t) !== "");
  return (
    <>
      <DataTable
        caption={t("waves.title")}
        compact
        rows={rows.slice(0, SHOWN)}
        rowKey={(row) => `${new Date(row.at).toISOString()} ${row.zone} ${row.zone === null && row.country}`}
        columns={[
          { key: "zone", head: t("waves.zone"), cell: (row) => zoneText(row, t, formats) },
          { key: "people", head: t("waves.people"), isNumber: true, cell: ({ people }) => formats.integer(people) },
          {
            key: "local",
            head: t("waves.local"),
            cell: ({ at, zone }) =>
              zone ? formats.dateTimeIn(at, zone) : <span className="text-muted">{t("waves.noLocal")}</span>,
          },
          { key: "ours", head: t("waves.ours"), cell: ({ at }) => formats.dateTimeIn(at, formats.settings.timeZone) },
          ...(isMoved ? [{ key: "note", head: t("waves.note"), cell: (row: WaveRow) => noteOf(row, t) }] : []),
        ]}
      />
      {hidden.length > 0 && (
        <p className="note mt-2">
          {t("waves.more", {
            count: hidden.length,
            countText: formats.integer(hidden.length),
            peopleText: formats.integer(hidden.reduce((sum, { people }) => sum + people, 0)),
          })}
        </p>
      )}
    </>
  );
}

/** Countries that share a zone share a row: they have the same time. */
function byZone(waves: readonly WaveRow[]): WaveRow[] {
  const rows = new Map<string, WaveRow>();
  for (const wave of waves) {
    const key = `${new Date(wave.at).toISOString()} ${wave.zone ?? `? ${wave.country}`}`;
    const known = rows.get(key);
    rows.set(key, known ? { ...known, people: known.people + wave.people } : wave);
  }
  return [...rows.values()];
}

function zoneText({ zone, country }: WaveRow, t: Translator<"campaigns">, formats: Formats): string {
  if (zone) return zone.replaceAll("_", " ");
  return country ? t("waves.unknownZone", { country: formats.country(country) }) : t("waves.unknownPlace");
}

function noteOf({ isLegal, isAfterDeadline, moved, clockChange }: WaveRow, t: Translator<"campaigns">): string {
  if (isLegal === false) return t("waves.never");
  if (isAfterDeadline) return t("waves.afterDeadline");
  if (moved) return t(`waves.moved.${moved}`);
  return clockChange ? t(`waves.clock.${clockChange}`) : "";
}
