import { eq } from "drizzle-orm";
import { phoneNumbers } from "@/db/schema/numbers";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { createCloudApi } from "@/lib/whatsapp/client";
import {
  type CheckedConnection,
  type ConnectionReport,
  judgeAccount,
  judgeKnown,
  judgeMode,
  judgeNumber,
  judgeSecret,
  judgeSubscription,
} from "../connection";
import type { NumberChoice, PasteNumberInput } from "../number";
import { getNumberCredentials } from "../queries/get-number-credentials";
import { installationMode, loadNumber } from "../store";

type Connection = Pick<PasteNumberInput, "wabaId" | "phoneNumberId" | "token" | "baseUrl" | "apiVersion"> & {
  appId: string | null;
  /** Only where it was pasted just now: at rest it is for signatures alone. */
  appSecret?: string;
};

/** Tries what a person pasted, without keeping any of it. Four reads at most; nothing is changed anywhere. */
export async function testConnection(ctx: Context, input: PasteNumberInput): Promise<ConnectionReport> {
  authorize(ctx, "number.manage");
  const [known] = await ctx.db
    .select({ wabaId: phoneNumbers.wabaId, baseUrl: phoneNumbers.baseUrl, brandId: phoneNumbers.brandId })
    .from(phoneNumbers)
    .where(eq(phoneNumbers.phoneNumberId, input.phoneNumberId));
  const report = await examine(ctx, input);
  if (!known || !report.isUsable) return report;
  const judged = judgeKnown(known, input);
  const at = report.checks.findIndex(({ check }) => check === "account") + 1;
  return { ...report, checks: report.checks.toSpliced(at, 0, judged), isUsable: judged.result === "ok" };
}

/** The same for a number that is connected already. */
export async function testNumber(ctx: Context, { numberId }: NumberChoice): Promise<ConnectionReport> {
  authorize(ctx, "number.manage");
  const [credentials, row] = await Promise.all([getNumberCredentials(ctx, { numberId }), loadNumber(ctx, numberId)]);
  return examine(ctx, { ...credentials, appId: row.appId });
}

async function examine(ctx: Context, connection: Connection): Promise<ConnectionReport> {
  const { wabaId, phoneNumberId, appId, baseUrl, apiVersion, token } = connection;
  const report = { isUsable: false, displayNumber: null, verifiedName: null };
  const mode = judgeMode((await installationMode(ctx)) ?? "sandbox", baseUrl);
  // A token is never shown to an address of the wrong kind.
  if (mode.result === "bad") return { ...report, checks: [mode] };
  const api = createCloudApi({ baseUrl, apiVersion, token, connections: 3 });
  try {
    const read = await api.getPhoneNumber(phoneNumberId);
    const number = judgeNumber(read);
    if (read.kind !== "ok") return { ...report, checks: [mode, number] };
    const [numbers, apps] = await Promise.all([api.listPhoneNumbers(wabaId), api.listSubscribedApps(wabaId)]);
    const account = judgeAccount(numbers, phoneNumberId);
    const checks: CheckedConnection[] = [mode, number, account];
    if (account.result === "ok") {
      checks.push(...(await checkedSecret(connection)), judgeSubscription(apps, appId));
    }
    return {
      checks,
      isUsable: account.result === "ok",
      displayNumber: read.value.display_phone_number,
      verifiedName: read.value.verified_name ?? null,
    };
  } finally {
    await api.close();
  }
}

async function checkedSecret({ appId, appSecret, baseUrl, apiVersion }: Connection): Promise<CheckedConnection[]> {
  if (!appId || !appSecret) return [];
  const app = createCloudApi({ baseUrl, apiVersion, token: `${appId}|${appSecret}`, connections: 1 });
  try {
    return [judgeSecret(await app.getApp(appId))].filter((one) => one !== undefined);
  } finally {
    await app.close();
  }
}
