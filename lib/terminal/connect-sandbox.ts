import { createHmac } from "node:crypto";
import type { Installation } from "@/db/installation";
import { ensureDefaultBrand } from "@/lib/consent/commands/ensure-default-brand";
import type { Env } from "@/lib/foundation/env";
import type { Secrets } from "@/lib/foundation/secrets";
import { createApiKey } from "@/lib/identity/commands/create-api-key";
import type { Context } from "@/lib/identity/context";
import { connectNumber } from "@/lib/numbers/commands/connect-number";
import { metaDefaults } from "@/lib/whatsapp/cloud-api";
import { createSandboxControl } from "@/lib/whatsapp/sandbox/control";
import { asTerminal } from "./as-terminal";

export interface SandboxAddress {
  url: string;
  token: string;
  wabaId: string;
  phoneNumberId: string;
}

const BRAND = "Contraste Demo";
const KEY_DAYS = 365;

/**
 * Joins a sandbox installation and its sandbox: the number is connected, and the sandbox knows where webhooks and
 * purchases go. Safe at every start; a sandbox that reports purchases already keeps its key.
 */
export async function connectSandbox(given: {
  env: Env;
  installation: Installation;
  secrets: Secrets;
  sandbox: SandboxAddress;
}): Promise<void> {
  const { env, installation, secrets, sandbox } = given;
  const control = createSandboxControl(sandbox);
  try {
    await asTerminal(installation, secrets, (ctx) => join(ctx, { env, secrets, sandbox, control }));
  } finally {
    await control.close();
  }
}

async function join(
  ctx: Context,
  given: { env: Env; secrets: Secrets; sandbox: SandboxAddress; control: ReturnType<typeof createSandboxControl> },
): Promise<void> {
  const { env, secrets, sandbox, control } = given;
  const { brandId } = await ensureDefaultBrand(ctx, { name: BRAND, sampleWording: true });
  await connectNumber(ctx, {
    brandId,
    wabaId: sandbox.wabaId,
    phoneNumberId: sandbox.phoneNumberId,
    displayNumber: "+1 555-010-0100",
    verifiedName: BRAND,
    baseUrl: sandbox.url,
    apiVersion: metaDefaults.apiVersion,
    token: sandbox.token,
    appSecret: secrets.sandboxAppSecret,
    verifyToken: createHmac("sha256", secrets.sandboxAppSecret).update("verify token").digest("hex"),
    messagesPerSecond: 1_000,
    isSandbox: true,
  });
  const { conversions } = await control.changeWorld({ webhook: { url: `${ingress(env)}/webhooks/whatsapp` } });
  const apiKey =
    conversions?.apiKey ??
    (await createApiKey(ctx, { name: "Sandbox shop", scopes: ["conversion.write"], days: KEY_DAYS })).token;
  await control.changeWorld({ conversions: { url: `${ingress(env)}/api/v1/conversions`, apiKey } });
}

/** The sandbox lives on this machine and speaks to the ingress directly, whatever address the public sees. */
function ingress(env: Env): string {
  return `http://127.0.0.1:${env.INGRESS_PORT}`;
}
