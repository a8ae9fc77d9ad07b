import { notFound } from "next/navigation";
import { isAppError } from "@/lib/foundation/errors";
import { parsePublicId } from "@/lib/foundation/ids";

/** Parameters of every page below a campaign. */
export type CampaignParams = Promise<{ campaignId: string }>;

/** The id that an address names; an address that names none is a page that does not exist. */
export async function campaignIdOf(params: CampaignParams): Promise<string> {
  return parsePublicId("cmp", (await params).campaignId) ?? notFound();
}

/** What a query found, or the page 404 where there is nothing by that id. */
export async function found<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (isAppError(error) && error.code === "not_found") notFound();
    throw error;
  }
}
