/** Why sending stops by itself until a person has mended something. */
export const stopCauses = [
  "token",
  "permission",
  "not_found",
  "blocked",
  "locked",
  "payment",
  "terms",
  "not_registered",
  "display_name",
  "marketing_api",
  "quality",
  "restricted",
  "disabled",
  "deleted",
  "offboarded",
  "new_number",
] as const;
export type StopCause = (typeof stopCauses)[number];

export function isStopCause(text: string | null): text is StopCause {
  return (stopCauses as readonly (string | null)[]).includes(text);
}

/** How far a stop reaches: the number that met it, or every number of its account. */
export interface Stop {
  reach: "number" | "account";
  cause: StopCause;
}

const number = (cause: StopCause): Stop => ({ reach: "number", cause });
const account = (cause: StopCause): Stop => ({ reach: "account", cause });

/** Codes after which nothing may be sent until a person has acted (cloud-api 16, "F"; compliance 3.3 and 6, rule 6). */
const stops: Record<number, Stop> = {
  0: number("token"),
  3: number("permission"),
  10: number("permission"),
  33: number("not_found"),
  190: number("token"),
  368: account("blocked"),
  131005: number("permission"),
  131031: account("locked"),
  131037: number("display_name"),
  131042: account("payment"),
  131044: account("payment"),
  131045: number("not_registered"),
  131048: number("quality"),
  133000: number("not_registered"),
  133005: number("not_registered"),
  133006: number("not_registered"),
  133010: number("not_registered"),
  134011: account("terms"),
  134102: number("marketing_api"),
};

/** What an error code says about the number or its account; undefined where sending may go on. 100 only with subcode 33. */
export function stopOf(code: number, subcode?: number): Stop | undefined {
  if (code === 100) return subcode === 33 ? number("not_found") : undefined;
  if (code >= 200 && code <= 299) return number("permission");
  return stops[code];
}

/** What a number's state at Meta says by itself (cloud-api 1); undefined where it may send. */
export function stopOfStatus(status: string | undefined): Stop | undefined {
  switch (status) {
    case "BANNED":
      return number("disabled");
    case "RESTRICTED":
      return number("restricted");
    case "DELETED":
    case "MIGRATED":
      return number("deleted");
    case "DISCONNECTED":
    case "UNVERIFIED":
      return number("not_registered");
    default:
      return undefined;
  }
}
