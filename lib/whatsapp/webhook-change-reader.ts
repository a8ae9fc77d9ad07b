import type * as z from "zod";
import type { ItemSource, WebhookItem } from "./webhook-items";

/** Where a change came from, and its entry's time. */
export type ChangeSource = ItemSource & { at: Date | undefined };

/** Reads the value of a change; `undefined` when it has another shape. */
export type ChangeReader = (value: unknown, source: ChangeSource) => WebhookItem | undefined;

export function changeReader<Shape extends z.ZodType>(
  shape: Shape,
  read: (data: z.output<Shape>, source: ChangeSource) => WebhookItem,
): ChangeReader {
  return (value, source) => {
    const parsed = shape.safeParse(value);
    return parsed.success ? read(parsed.data, source) : undefined;
  };
}
