import { type ReplyFilter, replyStates } from "@/lib/conversations/queries/list-replies";
import { replyClasses } from "@/lib/conversations/reply-classes";
import { parsePublicId } from "@/lib/foundation/ids";
import { listPath } from "../list-path";

/** State of the list, in the address: nothing personal may be in it. */
export interface RepliesQuery {
  state?: string;
  class?: string;
  campaign?: string;
  cursor?: string;
}

const names = ["state", "class", "campaign", "cursor"] as const;

/** What the query of an address asks for; what is not understood is left out. */
export function replyFilter(query: RepliesQuery): ReplyFilter {
  return {
    state: replyStates.find((one) => one === query.state) ?? "open",
    replyClass: replyClasses.find((one) => one === query.class),
    campaignId: parsePublicId("cmp", query.campaign ?? ""),
  };
}

/** The address of the same list with some of its state changed. */
export function repliesPath(base: string, query: RepliesQuery, changes: Partial<RepliesQuery> = {}): string {
  return listPath(base, names, { ...query, ...changes });
}
