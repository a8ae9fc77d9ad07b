import type { FastifyInstance, FastifyRequest } from "fastify";
import * as z from "zod";
import { fault, invalidParameter, Refusal } from "./graph-errors";
import { type ById, orRefuse, parametersOf, requireId } from "./graph-requests";
import { pageOf, pageQuery, pick } from "./paging";
import { type Person, waIdOf } from "./people";
import type { SandboxParts } from "./sandbox-parts";
import { DAY_MS } from "./traffic";

const profileShape = z.object({
  about: z.string().min(1).max(139).optional(),
  address: z.string().max(256).optional(),
  description: z.string().max(512).optional(),
  email: z.string().max(128).optional(),
  vertical: z.string().optional(),
  websites: z.array(z.string().max(256)).max(2).optional(),
  profile_picture_handle: z.string().optional(),
});
const blockShape = z.object({
  messaging_product: z.literal("whatsapp"),
  block_users: z.array(z.object({ user: z.string().optional(), user_id: z.string().optional() })).min(1),
});
const MAX_BLOCKED_AT_ONCE = 1_000;
const pinShape = z.object({ pin: z.coerce.string().regex(/^\d{6}$/) });

/** The business number: registration, profile, blocked users, contact book. */
export function registerNumberRoutes(server: FastifyInstance, parts: SandboxParts) {
  const { account, accountState, people } = parts;

  server.post<ById>("/:version/:id/register", async (request) => {
    requireId(request, account.phoneNumberId);
    const { pin } = required(pinShape, request, "A PIN of six digits is required.");
    if (accountState.pin !== undefined && accountState.pin !== pin) throw new Refusal(fault(133005));
    return keep({ pin, isRegistered: true });
  });
  server.post<ById>("/:version/:id/deregister", async (request) => {
    requireId(request, account.phoneNumberId);
    return keep({ isRegistered: false });
  });
  for (const edge of ["request_code", "verify_code"]) {
    server.post<ById>(`/:version/:id/${edge}`, async (request) => {
      requireId(request, account.phoneNumberId);
      return { success: true };
    });
  }

  server.get<ById>("/:version/:id/settings", async (request) => {
    requireId(request, account.phoneNumberId);
    return { ...accountState.settings };
  });
  server.post<ById>("/:version/:id/settings", async (request) => {
    requireId(request, account.phoneNumberId);
    return keep({ settings: { ...accountState.settings, ...parametersOf(request) } });
  });

  server.get<ById>("/:version/:id/whatsapp_business_profile", async (request) => {
    requireId(request, account.phoneNumberId);
    const { id: _id, ...profile } = pick({ ...accountState.profile }, request.query.fields);
    return { data: [{ ...profile, messaging_product: "whatsapp" }] };
  });
  server.post<ById>("/:version/:id/whatsapp_business_profile", async (request) => {
    requireId(request, account.phoneNumberId);
    const { profile_picture_handle: picture, ...given } = required(profileShape, request, "The profile is not valid.");
    const pictureUrl = picture && { profile_picture_url: "https://media.example.test/profile.jpg" };
    return keep({ profile: { ...accountState.profile, ...given, ...pictureUrl } });
  });

  server.get<ById>("/:version/:id/block_users", async (request) => {
    requireId(request, account.phoneNumberId);
    const blocked = accountState.blocked.map((phone) => ({ messaging_product: "whatsapp", wa_id: waIdOf(phone) }));
    return orRefuse(pageOf(blocked, pageQuery.parse(request.query), request));
  });
  for (const [method, key] of [
    ["POST", "added_users"],
    ["DELETE", "removed_users"],
  ] as const) {
    server.route<ById>({
      method,
      url: "/:version/:id/block_users",
      handler: async (request) => {
        requireId(request, account.phoneNumberId);
        return block(request, { isBlocked: method === "POST", key }, parts);
      },
    });
  }

  server.delete<ById>("/:version/:id/contact_book", async (request) => {
    requireId(request, account.phoneNumberId);
    const { bsuid, user_id: userId = bsuid } = parametersOf(request);
    const person = typeof userId === "string" ? people.findByUserId(userId) : undefined;
    if (person) person.phoneShownUntil = undefined;
    return { success: true, deleted: person !== undefined };
  });

  function keep(change: Partial<typeof accountState>) {
    Object.assign(accountState, change);
    parts.save();
    return { success: true };
  }
}

function block(
  request: FastifyRequest,
  { isBlocked, key }: { isBlocked: boolean; key: "added_users" | "removed_users" },
  parts: SandboxParts,
) {
  const { block_users: users } = required(blockShape, request, "block_users must name users.");
  if (users.length > MAX_BLOCKED_AT_ONCE)
    throw new Refusal(fault(100, `At most ${MAX_BLOCKED_AT_ONCE} users at once.`));
  const done: object[] = [];
  const failed: object[] = [];
  for (const { user, user_id: userId } of users) {
    const input = user ?? userId ?? "";
    const person = personOf({ user, userId }, parts);
    if (!person) {
      failed.push({ input, errors: [{ message: "Invalid user", code: 139103, error_data: { details: "Unknown." } }] });
      continue;
    }
    person.isBlockedByBusiness = isBlocked;
    const others = parts.accountState.blocked.filter((phone) => phone !== person.phone);
    parts.accountState.blocked = isBlocked ? [...others, person.phone] : others;
    done.push({ input, ...(user === undefined ? { user_id: userId } : { wa_id: waIdOf(person.phone) }) });
  }
  parts.save();
  return {
    messaging_product: "whatsapp",
    block_users: { [key]: done, ...(failed.length > 0 && { failed_users: failed }) },
  };
}

function personOf({ user, userId }: { user?: string; userId?: string }, { people }: SandboxParts): Person | undefined {
  if (user === undefined) return people.findByUserId(userId ?? "");
  const digits = user.replace(/[+\s()-]/g, "");
  return /^[1-9]\d{6,14}$/.test(digits) ? people.meet(`+${digits}`) : undefined;
}

function required<Value>(shape: z.ZodType<Value>, request: FastifyRequest, why: string): Value {
  const read = shape.safeParse(parametersOf(request));
  if (!read.success) throw new Refusal(fault(100, why));
  return read.data;
}

/** The number as `GET /{phone-number-id}` shows it. */
export function numberNode(parts: SandboxParts) {
  const { account, accountState, engine } = parts;
  const quality = qualityOf(parts);
  return {
    verified_name: "Contraste sandbox",
    display_phone_number: account.displayPhoneNumber,
    quality_rating: quality,
    quality_score: { score: quality },
    status: accountState.isRegistered ? "CONNECTED" : "DISCONNECTED",
    throughput: { level: engine.world.throughput.perSecond > 80 ? "HIGH" : "STANDARD" },
    whatsapp_business_manager_messaging_limit: engine.world.api.messagingLimit,
    messaging_limit_tier: engine.world.api.messagingLimit,
    code_verification_status: "VERIFIED",
    name_status: "APPROVED",
    platform_type: "CLOUD_API",
    account_mode: "SANDBOX",
    is_official_business_account: false,
    is_pin_enabled: accountState.pin !== undefined,
    id: account.phoneNumberId,
  };
}

/** People who blocked the business in the last week, against those whom it reached. */
function qualityOf({ traffic, engine, clock }: SandboxParts): "GREEN" | "YELLOW" | "RED" {
  const { leastDelivered, yellowBlockRate, redBlockRate } = engine.world.api.quality;
  const { delivered, blocks } = traffic.recent(clock.now() - 7 * DAY_MS);
  if (delivered < leastDelivered || blocks < delivered * yellowBlockRate) return "GREEN";
  return blocks < delivered * redBlockRate ? "YELLOW" : "RED";
}

/** `POST /{phone-number-id}`: the PIN of two-step verification. */
export function changeNumber(request: FastifyRequest<ById>, parts: SandboxParts) {
  const read = pinShape.safeParse(parametersOf(request));
  if (!read.success) throw new Refusal(invalidParameter("A PIN of six digits is required."));
  parts.accountState.pin = read.data.pin;
  parts.save();
  return { success: true };
}
