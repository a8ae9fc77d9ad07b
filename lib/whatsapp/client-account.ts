import * as z from "zod";
import { phoneNumber, success } from "./graph";
import type { GraphCaller } from "./graph-caller";

const NUMBER_FIELDS = [
  "display_phone_number",
  "verified_name",
  "quality_rating",
  "status",
  "throughput",
  "whatsapp_business_manager_messaging_limit",
  "name_status",
  "code_verification_status",
  "platform_type",
  "account_mode",
].join(",");
const WABA_FIELDS = "id,name,currency,timezone_id,account_review_status,marketing_messages_lite_api_status";
const MARKETING_SWITCH = "disable_marketing_messages_on_cloud_api";

export const waba = z.looseObject({
  id: z.coerce.string(),
  name: z.string().optional(),
  currency: z.string().optional(),
  timezone_id: z.coerce.string().optional(),
  account_review_status: z.string().optional(),
  /** `ONBOARDED`: messages may go over `/marketing_messages`. */
  marketing_messages_lite_api_status: z.string().optional(),
});
const app = z.looseObject({ id: z.coerce.string(), name: z.string().optional() });
export const subscribedApp = z.looseObject({
  whatsapp_business_api_data: z.looseObject({ id: z.coerce.string(), name: z.string().optional() }),
  override_callback_uri: z.string().optional(),
});
export const marketingSwitch = z.looseObject({ [MARKETING_SWITCH]: z.boolean().default(false) });
const contactBookAnswer = z.looseObject({ success: z.boolean(), deleted: z.boolean().default(false) });
const blockedUser = z.looseObject({
  input: z.string().optional(),
  wa_id: z.string().optional(),
  user_id: z.string().optional(),
});
export const blockAnswer = z.looseObject({
  block_users: z.looseObject({
    added_users: z.array(blockedUser).default([]),
    removed_users: z.array(blockedUser).default([]),
    failed_users: z.array(blockedUser).default([]),
  }),
});

/** Accounts (WABA) and numbers. */
export function accountCalls({ call, callPages }: GraphCaller) {
  /** Phone numbers or user ids, as one knows them. */
  const blockBody = (users: readonly string[]) => ({
    messaging_product: "whatsapp",
    block_users: users.map((user) => (/^[A-Z]{2}\./.test(user) ? { user_id: user } : { user })),
  });
  return {
    /** The cheapest real read: proves token and number id. */
    getPhoneNumber: (phoneNumberId: string) =>
      call({ method: "GET", path: `/${phoneNumberId}`, query: { fields: NUMBER_FIELDS } }, phoneNumber),

    listPhoneNumbers: (wabaId: string) =>
      callPages(`/${wabaId}/phone_numbers`, { fields: `id,${NUMBER_FIELDS}` }, phoneNumber),

    getWaba: (wabaId: string) => call({ method: "GET", path: `/${wabaId}`, query: { fields: WABA_FIELDS } }, waba),

    /** Read with the app's own token (`{app id}|{app secret}`), it proves the secret. */
    getApp: (appId: string) => call({ method: "GET", path: `/${appId}`, query: { fields: "id,name" } }, app),

    listSubscribedApps: (wabaId: string) => callPages(`/${wabaId}/subscribed_apps`, {}, subscribedApp),

    /**
     * Without this no webhook of the account reaches the app. With `callback`, Meta checks that address at once
     * (`hub.challenge`) and sends this account's webhooks there instead of to the app's own address.
     */
    subscribeApp: (wabaId: string, callback?: { url: string; verifyToken: string }) =>
      call(
        {
          method: "POST",
          path: `/${wabaId}/subscribed_apps`,
          body: callback && { override_callback_uri: callback.url, verify_token: callback.verifyToken },
        },
        success,
      ),

    unsubscribeApp: (wabaId: string) => call({ method: "DELETE", path: `/${wabaId}/subscribed_apps` }, success),

    /** Whether marketing templates are refused on `/messages` (131063), so that all go over `/marketing_messages`. */
    async isMarketingOffOnCloudApi(wabaId: string) {
      const result = await call(
        { method: "GET", path: `/${wabaId}`, query: { fields: MARKETING_SWITCH } },
        marketingSwitch,
      );
      return result.kind === "ok" ? { kind: result.kind, value: result.value[MARKETING_SWITCH] } : result;
    },

    setMarketingOffOnCloudApi: (wabaId: string, isOff: boolean) =>
      call({ method: "POST", path: `/${wabaId}`, body: { [MARKETING_SWITCH]: isOff } }, z.looseObject({})),

    /** Takes a person out of the portfolio's contact book, so that Meta no longer tells us their phone number. */
    deleteFromContactBook: (phoneNumberId: string, userId: string) =>
      call(
        {
          method: "DELETE",
          path: `/${phoneNumberId}/contact_book`,
          query: { messaging_product: "whatsapp", bsuid: userId },
        },
        contactBookAnswer,
      ),

    listBlockedUsers: (phoneNumberId: string) => callPages(`/${phoneNumberId}/block_users`, {}, blockedUser),

    /** Nothing that these people write arrives any more. The answer names who could not be blocked. */
    blockUsers: (phoneNumberId: string, users: readonly string[]) =>
      call({ method: "POST", path: `/${phoneNumberId}/block_users`, body: blockBody(users) }, blockAnswer),

    unblockUsers: (phoneNumberId: string, users: readonly string[]) =>
      call({ method: "DELETE", path: `/${phoneNumberId}/block_users`, body: blockBody(users) }, blockAnswer),
  };
}
