import type { NumberCredentials } from "@/lib/numbers/number";
import type { CloudApi } from "@/lib/whatsapp/client";
import type { Send } from "./commands/send-claimed";

/**
 * How messages leave a number: marketing templates over the Marketing Messages API where the number is set so, with its
 * product policy; everything else over `messages`, the only endpoint that takes it (cloud-api 3).
 */
export function sendVia(
  api: Pick<CloudApi, "sendMessage">,
  { phoneNumberId, endpoint, productPolicy }: Pick<NumberCredentials, "phoneNumberId" | "endpoint" | "productPolicy">,
): Send {
  return (request, { mayStart, isMarketing }) => {
    if (endpoint !== "marketing_messages" || !isMarketing) return api.sendMessage(phoneNumberId, request, { mayStart });
    return api.sendMessage(phoneNumberId, { ...request, product_policy: productPolicy }, { mayStart, endpoint });
  };
}
