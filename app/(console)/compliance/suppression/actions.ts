"use server";

import { revalidatePath } from "next/cache";
import { action, formAction } from "@/app/_server/action";
import { getPreferences } from "@/app/_server/preferences";
import { blockNumberByHand } from "@/lib/consent/commands/block-number-by-hand";
import { decideReview } from "@/lib/consent/commands/decide-review";
import { decideRemoval, requestRemoval } from "@/lib/consent/commands/request-removal";
import {
  BlockByHandInput,
  DecideRemovalInput,
  DecideReviewInput,
  RequestRemovalInput,
} from "@/lib/consent/suppression";
import { revealReplies } from "@/lib/reporting/commands/reveal-person";
import { RevealInput } from "@/lib/reporting/reveal";

const refresh = () => revalidatePath("/compliance/suppression");

export const askRemoval = action(RequestRemovalInput, requestRemoval, refresh);
export const signRemoval = action(DecideRemovalInput, decideRemoval, refresh);
export const readReplies = action(RevealInput, revealReplies);
export const decideReply = action(DecideReviewInput, decideReview, refresh);

/** The country of a number without prefix is the one of the reader's region. Says only whether we know the owner. */
export const blockNumber = formAction(
  BlockByHandInput,
  async (ctx, input) => {
    const { region } = await getPreferences();
    const { contactId } = await blockNumberByHand(ctx, { ...input, country: region.slice(3) });
    return { isKnown: contactId !== null };
  },
  refresh,
);
