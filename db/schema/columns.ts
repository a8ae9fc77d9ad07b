import { customType, timestamp } from "drizzle-orm/pg-core";

/** Raw bytes. postgres.js gives and takes Buffers. */
export const bytea = customType<{ data: Buffer; driverData: Buffer }>({
  dataType() {
    return "bytea";
  },
});

/** An instant in UTC (`…At` columns). */
export function instant(name: string) {
  return timestamp(name, { withTimezone: true, mode: "date" });
}
