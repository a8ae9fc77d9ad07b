import { log } from "@/lib/foundation/log";
import type { Context } from "@/lib/identity/context";
import { getNumberCredentials } from "@/lib/numbers/queries/get-number-credentials";
import type { Send } from "@/lib/sending/commands/send-claimed";
import { sendVia } from "@/lib/sending/send-via";
import { createCloudApi } from "@/lib/whatsapp/client";

/** A changed token or address is in use after so long. */
const FRESH_MS = 30_000;

interface Way {
  send: Send;
  settings: string;
  readAt: number;
  close(): Promise<void>;
}

/** The ways out of our numbers: one keep-alive pool each, renewed when token or address change. */
export function senders(context: () => Promise<Context>): {
  sendFrom(numberId: string): Promise<Send | undefined>;
  close(): Promise<void>;
} {
  const ways = new Map<string, Way>();
  return {
    sendFrom: async (numberId) => {
      const known = ways.get(numberId);
      if (known && performance.now() - known.readAt < FRESH_MS) return known.send;
      const credentials = await getNumberCredentials(await context(), { numberId });
      const settings = JSON.stringify(credentials);
      if (known?.settings === settings) {
        known.readAt = performance.now();
        return known.send;
      }
      const { baseUrl, apiVersion, token } = credentials;
      const api = createCloudApi({ baseUrl, apiVersion, token });
      ways.set(numberId, {
        send: sendVia(api, credentials),
        settings,
        readAt: performance.now(),
        close: () => api.close(),
      });
      log.info("number.way_opened", { numberId });
      await known?.close();
      return ways.get(numberId)?.send;
    },
    close: async () => {
      await Promise.all([...ways.values()].map((way) => way.close()));
    },
  };
}
