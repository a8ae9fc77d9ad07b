export interface Hit {
  method: string;
  userAgent: string | null;
}

export type ClickVerdict = "human" | "head" | "preview" | "scanner" | "no_user_agent";

/** Fetches a preview while somebody types or receives a link; runs no scripts, is no click (integrations 1.1). */
const PREVIEWS =
  /\bWhatsApp\/|facebookexternalhit|Facebot|TelegramBot|Slackbot|Twitterbot|LinkedInBot|Discordbot|SkypeUriPreview/i;
const SCANNERS =
  /bot\b|crawl|spider|scan|preview|monitor|curl\/|wget\/|python-|java\/|go-http|okhttp|headless|proofpoint|barracuda|mimecast|safelinks/i;

/**
 * Whether a hit on a tracked link was a person. Every raw hit is stored with its verdict, so that this rule can change
 * and be replayed over what came before.
 */
export function clickVerdict({ method, userAgent }: Hit): ClickVerdict {
  if (method === "HEAD") return "head";
  if (!userAgent) return "no_user_agent";
  if (PREVIEWS.test(userAgent)) return "preview";
  if (SCANNERS.test(userAgent)) return "scanner";
  return "human";
}
