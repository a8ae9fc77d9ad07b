const WINDOWS = /^\s*$|^\s*\d{1,2}:\d{2}\s*[-–]\s*\d{1,2}:\d{2}(\s*[,;]\s*\d{1,2}:\d{2}\s*[-–]\s*\d{1,2}:\d{2})*\s*$/;
const LAST = "24:00";

/**
 * `9:00-14:00, 17:00-21:00` → windows `[opens, closes)`; nothing typed is a closed day. Undefined: no such text, or one that
 * closes before it opens. A night is written on two days: `21:00-24:00` and `00:00-09:00`.
 */
export function readHours(text: string): [string, string][] | undefined {
  if (!WINDOWS.test(text)) return undefined;
  const times = (text.match(/\d{1,2}:\d{2}/g) ?? []).map((time) => time.padStart(5, "0"));
  if (times.some((time) => time > LAST || time.slice(3) > "59")) return undefined;
  const windows = times.flatMap((opens, i): [string, string][] =>
    i % 2 === 0 ? [[opens, times[i + 1] ?? opens]] : [],
  );
  return windows.every(([opens, closes]) => opens < closes) ? windows : undefined;
}
