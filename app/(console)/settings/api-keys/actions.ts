"use server";

import { revalidatePath } from "next/cache";
import { action, formAction } from "@/app/_server/action";
import { createApiKey } from "@/lib/identity/commands/create-api-key";
import { revokeApiKey } from "@/lib/identity/commands/revoke-api-key";
import { ApiKeyInput, CreateApiKeyInput } from "@/lib/identity/team";

const refresh = () => revalidatePath("/settings/api-keys");

export const makeKey = formAction(
  CreateApiKeyInput,
  async (ctx, input) => {
    const { token, expiresAt } = await createApiKey(ctx, input);
    return { token, name: input.name, until: expiresAt.toISOString() };
  },
  refresh,
);
export const endKey = action(ApiKeyInput, revokeApiKey, refresh);
