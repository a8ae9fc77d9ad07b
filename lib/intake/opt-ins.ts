import type { Said } from "@/lib/consent/agreement";
import type { ConsentEvidence } from "@/lib/consent/event";
import type { ItemOf } from "@/lib/whatsapp/webhook-items";

type Message = ItemOf<"message">;

/** Whether a message may be a yes at all: what is worth asking who sent it. */
export function mayAgree({ text, payload, referral, content }: Message): boolean {
  return text !== undefined || payload !== undefined || referral !== undefined || content.type === "flow_reply";
}

/** What it says. A text that was edited later agrees to nothing: the first one is what was sent. */
export function saidIn({ text, payload, referral, content }: Message): Said {
  const cameFromAd = referral !== undefined;
  if (content.type === "flow_reply") return { flow: content.response, cameFromAd };
  return { text: content.type === "text" || payload !== undefined ? text : undefined, payload, cameFromAd };
}

/** What is kept as proof, sealed: Meta's ids of the message, of what it answers and of the ad. */
export function evidenceOf({ wamid, contextWamid, payload, referral, content }: Message): ConsentEvidence {
  return {
    wamid,
    ...(contextWamid ? { answeredWamid: contextWamid } : {}),
    ...(payload ? { payload } : {}),
    ...(content.type === "text" ? { text: content.body.slice(0, 200) } : {}),
    ...(content.type === "flow_reply" && content.name ? { flow: content.name } : {}),
    ...(referral?.sourceId ? { adId: referral.sourceId } : {}),
    ...(referral?.clickId ? { adClickId: referral.clickId } : {}),
  };
}
