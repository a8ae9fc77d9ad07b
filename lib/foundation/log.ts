import { type DestinationStream, pino } from "pino";
import { logSettings } from "./env";

type Fields = Record<string, unknown>;
type Level = "debug" | "info" | "warn" | "error" | "fatal";

/** The one way to log: an event name (`room.what_happened`) and ids. Personal data is refused by key and by shape. */
export type Log = Record<Level, (event: string, fields?: Fields) => void>;

/**
 * Makes a log of JSON lines `{"level","time","event",…fields}`; `pretty` writes one readable line instead.
 * `destination` defaults to standard output.
 */
export function createLog(settings: { level: string; pretty: boolean }, destination?: DestinationStream): Log {
  const out = destination ?? { write: (line: string) => void process.stdout.write(line) };
  const logger = pino(
    {
      level: settings.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    settings.pretty ? { write: (line: string) => out.write(readable(line)) } : out,
  );
  const at =
    (level: Level) =>
    (event: string, fields: Fields = {}) =>
      logger[level]({ event, ...redact(fields) });
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error"), fatal: at("fatal") };
}

export const log: Log = createLog(logSettings());

const SENSITIVE_KEY =
  /(?:phone|phonenumber|msisdn|waid|name|mail|token|password|secret|body|(?<!con)text|authorization|cookie|apikey|privatekey|useragent|^ip|ipaddress)s?$/;
/** Names of things, not of people. */
const HARMLESS_KEY = /^(?:host|event|job|role|file|table|column|database|application)name$/;
const E164 = /\+\d{7,15}\b/g;
const MAX_DEPTH = 5;
const MAX_ITEMS = 100;

/** A copy of the fields without values whose key or shape says personal data or secret. */
export function redact(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key, isSensitive(key) ? "[redacted]" : redactValue(value, 0)]),
  );
}

function isSensitive(key: string): boolean {
  const plain = key.replaceAll(/[^a-z0-9]/gi, "").toLowerCase();
  return SENSITIVE_KEY.test(plain) && !HARMLESS_KEY.test(plain);
}

function redactValue(value: unknown, depth: number): unknown {
  if (typeof value === "string") return value.replace(E164, "+[redacted]");
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Date) return value;
  if (depth >= MAX_DEPTH) return "[deep]";
  if (value instanceof Error) return redactError(value, depth);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map((item) => redactValue(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, isSensitive(key) ? "[redacted]" : redactValue(inner, depth + 1)]),
  );
}

/** An error's message as it may be kept: drizzle repeats the parameters of a failed query, and they are people's. */
export function safeMessage(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/\nparams: [\s\S]*$/, "").replace(E164, "+[redacted]");
}

/**
 * Only what says where it broke. The database's `detail` and `where` quote rows, so they stay out.
 */
function redactError(error: Error, depth: number): Fields {
  return {
    type: error.name,
    message: safeMessage(error),
    ...("code" in error ? { code: redactValue(error.code, depth + 1) } : {}),
    at: (error.stack ?? "")
      .split("\n")
      .filter((line) => /^\s+at /.test(line))
      .slice(0, 8)
      .map((line) => line.trim()),
    ...(error.cause === undefined ? {} : { cause: redactValue(error.cause, depth + 1) }),
  };
}

function readable(line: string): string {
  const { level, time, event, ...fields } = JSON.parse(line) as Record<string, unknown>; // pino wrote it one line above
  const rest = Object.entries(fields).map(
    ([key, value]) => ` ${key}=${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  const clock = String(time).slice(11, 19);
  return `${clock} ${String(level).padEnd(5)} ${String(event)}${rest.join("")}\n`;
}
