import type { Amount, Formats, Instant, Interval } from "@/lib/i18n/formats";
import { CopyButton } from "./copy-button.client";
import { UiText } from "./ui-text.client";

/** An amount with its currency, never broken from it. `whole` leaves the minor units out. */
export function MoneyText({ amount, formats, whole }: { amount: Amount; formats: Formats; whole?: boolean }) {
  return <span className="num whitespace-nowrap">{whole ? formats.moneyWhole(amount) : formats.money(amount)}</span>;
}

/** A share (0.051 is 5,1 %); with `count` and `total` the numbers behind it follow. */
export function PercentText({
  fraction,
  count,
  total,
  formats,
}: {
  fraction: number;
  count?: number;
  total?: number;
  formats: Formats;
}) {
  return (
    <span className="num whitespace-nowrap">
      {formats.percent(fraction)}
      {count !== undefined && total !== undefined && (
        <span className="text-muted"> · {formats.ratio(count, total)}</span>
      )}
    </span>
  );
}

/** A difference in points with its interval: `+1,8 pp [0,6; 3,0]`. */
export function DiffText({ interval, formats }: { interval: Interval; formats: Formats }) {
  const digits = formats.pointDigits(interval);
  return (
    <span className="num whitespace-nowrap">
      <b>{formats.points(interval.estimate, digits)}</b> {formats.pointsInterval(interval, digits)}
    </span>
  );
}

/** An instant as `<time>`; with `now` told relatively for a day, the absolute time in its title. */
export function TimeText({ at, formats, now }: { at: Instant; formats: Formats; now?: Instant }) {
  const absolute = formats.dateTime(at);
  return (
    <time dateTime={new Date(at).toISOString()} title={absolute} className="sm:whitespace-nowrap">
      {now === undefined ? absolute : formats.relativeTime(at, now)}
    </time>
  );
}

/** A masked number (`+34 ••• ••• 412`, made on the server); screen readers hear that it is hidden. */
export function MaskedPhone({ masked }: { masked: string }) {
  return (
    <span className="num whitespace-nowrap">
      <span className="sr-only">
        <UiText id="maskedPhone" />{" "}
      </span>
      {masked}
    </span>
  );
}

/** A hash cut in its middle, with a button that copies all of it. `name` says what it is. */
export function HashChip({ hash, name, prefix }: { hash: string; name: string; prefix?: string }) {
  const short = hash.length > 14 ? `${hash.slice(0, 6)}…${hash.slice(-4)}` : hash;
  return (
    <span className="hash">
      {prefix && `${prefix} `}
      {short}
      <CopyButton text={hash} name={name} icon />
    </span>
  );
}
