export interface LinkLabels {
  campaignId: string;
  campaignName: string;
  variant: string;
  clickId: string;
}

/**
 * Where a tracked link leads: the landing page with the labels that web analytics read (integrations 1.1). The page's own
 * query, its own utm values and its fragment stay as they are; only what is missing is added.
 */
export function targetUrl(linkUrl: string, { campaignId, campaignName, variant, clickId }: LinkLabels): string {
  const url = new URL(linkUrl);
  const labels = {
    utm_id: campaignId,
    utm_source: "whatsapp",
    utm_medium: "social",
    utm_campaign: slug(campaignName),
    utm_content: variant,
  };
  for (const [name, value] of Object.entries(labels))
    if (!url.searchParams.has(name)) url.searchParams.set(name, value);
  url.searchParams.set("wa_cid", clickId);
  return url.href;
}

function slug(name: string): string {
  const plain = name.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return plain.replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "") || "campaign";
}
