/**
 * What a webhook body holds, item by item (cloud-api 9 to 11). Every enum is open: `string` is what Meta wrote, also words
 * that nobody knew when this was written. What is absent, null or malformed is `undefined`; a lacking extra never costs an
 * item. Instants are Meta's; ids are text, also where Meta sends numbers.
 */
export type WebhookItem = ItemSource &
  (
    | StatusItem
    | MessageItem
    | UserActionItem
    | UserPreferenceItem
    | UserIdUpdateItem
    | TemplateItem
    | NumberItem
    | MessageEchoItem
    | AccountErrorItem
    | UnknownItem
  );

/** Where an item came from. Only `messages`-like fields name the number; account and template fields name the WABA alone. */
export interface ItemSource {
  wabaId: string;
  phoneNumberId?: string;
}

export type ItemKind = WebhookItem["kind"];
export type ItemOf<K extends ItemKind> = Extract<WebhookItem, { kind: K }>;

export interface ItemError {
  code: number;
  title: string;
  message?: string;
  details?: string;
}

/** Who somebody is at Meta; any part may be missing (cloud-api 12.2). `waId` is digits without `+`. */
export interface MetaPerson {
  waId?: string;
  userId?: string;
  parentUserId?: string;
  username?: string;
  profileName?: string;
  identityKeyHash?: string;
}

// --- Statuses of what we sent

export interface StatusItem {
  kind: "status";
  wamid: string;
  /** sent, delivered, read, played, failed, deleted, … */
  status: string;
  at: Date;
  recipientWaId?: string;
  recipientUserId?: string;
  recipientParentUserId?: string;
  /** `group` for group sends: then recipientWaId is the group's id and the participant is named beside it. */
  recipientType?: string;
  participantWaId?: string;
  participantUserId?: string;
  callbackData?: string;
  conversation?: { id?: string; expiresAt?: Date; origin?: string };
  pricing?: { category?: string; type?: string; model?: string; billable?: boolean };
  /** The entry of `contacts` about the recipient (cloud-api 9.4), found by id, never by its place in the list. */
  contact?: MetaPerson;
  errors: ItemError[];
}

// --- What people send us

/** `userId` etc. are those of the sender; with a hidden phone number there is no `waId`. */
export interface MessageItem extends MetaPerson {
  kind: "message";
  wamid: string;
  at: Date;
  /** Meta's word: text, button, interactive, reaction, image, system, … */
  type: string;
  content: MessageContent;
  /** What the person wrote, the label of what they tapped, a caption, an emoji. */
  text?: string;
  /** Of a tapped button or list row. */
  payload?: string;
  /** wamid of our message that this answers or reacts to. */
  contextWamid?: string;
  isForwarded?: boolean;
  /** The product that the person asks about. */
  referredProduct?: { catalogId?: string; productId?: string };
  /** The ad or post that brought the person here. */
  referral?: Referral;
  errors: ItemError[];
}

export type MessageContent =
  | { type: "text"; body: string }
  /** A quick reply of a template. */
  | { type: "button"; text?: string; payload?: string }
  | { type: "button_reply"; id?: string; title?: string }
  | { type: "list_reply"; id?: string; title?: string; description?: string }
  /** A completed flow. `response` is the parsed `response_json` when that is a JSON object. */
  | { type: "flow_reply"; name?: string; body?: string; responseJson: string; response?: Record<string, unknown> }
  /** Without an emoji the reaction was taken back. */
  | { type: "reaction"; wamid: string; emoji?: string }
  | MediaContent
  | { type: "location"; latitude: number; longitude: number; name?: string; address?: string; url?: string }
  | { type: "contacts"; contacts: SharedContact[] }
  | { type: "order"; catalogId?: string; text?: string; items: OrderLine[] }
  /** `waId` is the new number. */
  | { type: "number_changed"; waId: string; userId?: string; body?: string }
  /** `userId` is the new one; the sender's own ids are the old ones, as far as Meta names them. */
  | { type: "user_id_changed"; userId: string; body?: string }
  | { type: "identity_changed"; hash?: string; body?: string }
  | { type: "system"; event: string; body?: string }
  | { type: "edit"; wamid: string; newType?: string; text?: string }
  | { type: "revoke"; wamid: string }
  /** `what`: poll, edit, button, … where Meta says it. */
  | { type: "unsupported"; what?: string }
  /** A type of the future, as it came. */
  | { type: "other"; value: Record<string, unknown> };

export interface MediaContent {
  type: "media";
  media: "image" | "video" | "audio" | "document" | "sticker";
  id: string;
  mimeType?: string;
  sha256?: string;
  caption?: string;
  filename?: string;
  url?: string;
  isVoice?: boolean;
  isAnimated?: boolean;
}

export interface SharedContact {
  name?: string;
  /** `contact_request`: the person's own card, asked for by us. */
  origin?: string;
  vcard?: string;
  phones: { phone?: string; waId?: string; type?: string }[];
}

export interface OrderLine {
  productId?: string;
  quantity?: number;
  itemPrice?: number;
  currency?: string;
}

export interface Referral {
  sourceUrl?: string;
  sourceId?: string;
  sourceType?: string;
  headline?: string;
  body?: string;
  mediaType?: string;
  clickId?: string;
  welcomeText?: string;
}

/** A click on a link of a marketing message (cloud-api 10.4). Meta names no person and no message. */
export interface UserActionItem {
  kind: "user_action";
  /** marketing_messages_link_click, … */
  action: string;
  at: Date;
  component?: string;
  clickId?: string;
  trackingToken?: string;
  productId?: string;
}

export interface UserPreferenceItem extends MetaPerson {
  kind: "user_preference";
  category: string;
  /** stop, resume, signup, … */
  value: string;
  at: Date;
  detail?: string;
  signupId?: string;
}

export interface UserIdUpdateItem {
  kind: "user_id_update";
  waId?: string;
  previousUserId?: string;
  userId: string;
  previousParentUserId?: string;
  parentUserId?: string;
  profileName?: string;
  at: Date;
  detail?: string;
}

// --- Templates

interface TemplateNamed {
  templateId: string;
  name: string;
  /** With an underscore, whatever the webhook wrote. */
  language: string;
  /** Of the entry; the webhook names no time of its own. */
  at?: Date;
}

export type TemplateItem = TemplateNamed &
  (
    | {
        kind: "template_status";
        event: string;
        category?: string;
        reason?: string;
        /** FIRST_PAUSE, SECOND_PAUSE, RATE_LIMITING_PAUSE, UNPAUSE, DISABLED, … */
        title?: string;
        description?: string;
        rejection?: { reason?: string; recommendation?: string };
        disabledAt?: Date;
      }
    | { kind: "template_quality"; previous: string; current: string }
    /** `impending`: `current` holds until `takesEffectAt`, then `next`. `done`: it was `previous`, it is `current`. */
    | {
        kind: "template_category";
        phase: "impending" | "done";
        current: string;
        previous?: string;
        next?: string;
        takesEffectAt?: Date;
      }
    | {
        kind: "template_components";
        title?: string;
        body?: string;
        footer?: string;
        buttons: { type?: string; text?: string; url?: string; phoneNumber?: string }[];
      }
  );

// --- The number and the account

/** How many people may be written to in 24 hours; `other` keeps what is neither a count nor a known tier. */
export type DailyLimit = { kind: "count"; people: number } | { kind: "unlimited" } | { kind: "other"; value: string };

/** Everything about our numbers and accounts. `at` is the entry's time, where there is one. */
export type NumberItem = { at?: Date } & (
  | {
      kind: "phone_quality";
      displayPhoneNumber: string;
      /** ONBOARDING, THROUGHPUT_UPGRADE, UPGRADE, DOWNGRADE, FLAGGED, UNFLAGGED, … */
      event: string;
      /** TIER_… as Meta wrote it. */
      currentLimit?: string;
      oldLimit?: string;
      dailyLimit?: DailyLimit;
    }
  | {
      kind: "phone_name";
      displayPhoneNumber: string;
      /** APPROVED, REJECTED, … */
      decision: string;
      requestedName?: string;
      rejectionReason?: string;
    }
  | { kind: "business_capability"; dailyLimit?: DailyLimit; maxPhoneNumbers?: number }
  | AccountUpdateItem
  | {
      kind: "account_alert";
      entityType?: string;
      entityId?: string;
      severity?: string;
      status?: string;
      alertType: string;
      description?: string;
    }
  | { kind: "account_review"; decision: string }
  | { kind: "security"; event: string; displayPhoneNumber?: string; requester?: string }
  | { kind: "business_username"; displayPhoneNumber: string; status: string; username?: string }
);

export interface AccountUpdateItem {
  kind: "account_update";
  /** ACCOUNT_DELETED, ACCOUNT_VIOLATION, ACCOUNT_RESTRICTION, DISABLED_UPDATE, VOLUME_BASED_PRICING_TIER_UPDATE, … */
  event: string;
  displayPhoneNumber?: string;
  country?: string;
  violationType?: string;
  restrictions: { type: string; expiresAt?: Date }[];
  /** State DISABLE, REINSTATE, SCHEDULE_FOR_DISABLE; the date is Meta's English text. */
  ban?: { state?: string; date?: string };
  volumeTier?: {
    pricingCategory?: string;
    tier?: string;
    region?: string;
    effectiveMonth?: string;
    updatedAt?: Date;
  };
}

/** A message that staff wrote in the phone's app (coexistence). */
export interface MessageEchoItem {
  kind: "message_echo";
  wamid: string;
  at: Date;
  type: string;
  toWaId?: string;
  toUserId?: string;
  text?: string;
}

/** `value.errors`: a report about the number itself, instead of messages. */
export interface AccountErrorItem {
  kind: "account_error";
  error: ItemError;
}

/** A field that nothing here uses, or something broken: stored with its body and counted under `field`. */
export interface UnknownItem {
  kind: "unknown";
  field: string;
  value: unknown;
}
