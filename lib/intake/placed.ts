import { log, safeMessage } from "@/lib/foundation/log";
import { open } from "@/lib/keystore/cipher";
import type { ItemKind, ItemOf } from "@/lib/whatsapp/webhook-items";
import { type ParsedWebhook, parseWebhook, type WebhookItem } from "@/lib/whatsapp/webhooks";
import { rawPlace } from "./day-key";

/** An item and where it stands, so that a broken one can be named and replayed. */
export interface Placed<Item extends WebhookItem = WebhookItem> {
  lane: number;
  inboxId: string;
  position: number;
  item: Item;
}

/** What could not be applied, or a body that could not be read at all (kind `body`, position 0). */
export interface DeadItem {
  lane: number;
  inboxId: string;
  position: number;
  kind: ItemKind | "body";
  error: string;
}

export interface SealedBody extends Record<string, unknown> {
  lane: number;
  id: string;
  raw_sealed: Buffer | null;
  key_id: string;
  received_at: string;
}

export type OpenedBody = { kind: "items"; items: Placed[] } | { kind: "dead"; dead: DeadItem };

/** Opens and reads a stored body. `key` is absent when the day's key was destroyed. */
export function openBody(row: SealedBody, key: Buffer | undefined): OpenedBody {
  const place = { lane: row.lane, inboxId: row.id };
  const parsed = readBody(row, key);
  if (parsed.kind === "unreadable")
    return { kind: "dead", dead: { ...place, position: 0, kind: "body", error: parsed.reason } };
  return { kind: "items", items: parsed.items.map((item, position) => ({ ...place, position, item })) };
}

function readBody(row: SealedBody, key: Buffer | undefined): ParsedWebhook {
  if (!key || !row.raw_sealed) return { kind: "unreadable", reason: "the key of its day was destroyed" };
  try {
    return parseWebhook(open(key, row.raw_sealed, rawPlace(row.id)), new Date(row.received_at));
  } catch (error) {
    log.error("webhook.unreadable_at_rest", { inboxId: row.id, error: safeMessage(error) });
    return { kind: "unreadable", reason: "sealed under another key, or altered" };
  }
}

export function ofKind<K extends ItemKind>(placed: readonly Placed[], kind: K): Placed<ItemOf<K>>[] {
  return placed.filter((one): one is Placed<ItemOf<K>> => one.item.kind === kind);
}

/** Accounts and numbers of ours, by Meta's ids. */
export interface OwnNumbers {
  wabaIds: ReadonlySet<string>;
  phoneNumberIds: ReadonlySet<string>;
}

/**
 * Whether an item is about us. Meta's test events (account `0`) and what belongs to accounts or numbers that are not
 * connected here are not. A part that is too broken to name its account is: somebody must see it.
 */
export function isOurs({ kind, wabaId, phoneNumberId }: WebhookItem, own: OwnNumbers): boolean {
  if (phoneNumberId !== undefined && !own.phoneNumberIds.has(phoneNumberId)) return false;
  if (wabaId === "") return kind === "unknown" || phoneNumberId !== undefined;
  return own.wabaIds.has(wabaId);
}
