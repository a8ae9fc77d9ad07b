import type { AddressInfo } from "node:net";
import { sql } from "drizzle-orm";
import type { Secrets } from "@/lib/foundation/secrets";
import { systemActor } from "@/lib/identity/actor";
import { openRuntime } from "@/lib/identity/runtime";
import { createIngress } from "./server";

export interface IngressSettings {
  databaseUrl: string;
  keystoreUrl: string;
  secrets: Secrets;
  host: string;
  /** 0: any free port. */
  port: number;
}

export interface RunningIngress {
  url: string;
  close(): Promise<void>;
}

const CONNECTIONS = 16;

/** Starts the public process. Closing answers what has begun, then lets go of everything. */
export async function startIngress({ host, port, ...settings }: IngressSettings): Promise<RunningIngress> {
  const runtime = await openRuntime({ ...settings, role: "ingress", maxConnections: CONNECTIONS });
  const context = () => runtime.contextFor(systemActor("ingress"));
  const ready = async () => {
    try {
      await (await context()).db.execute(sql`select 1`);
      return true;
    } catch {
      return false;
    }
  };
  const server = createIngress({ context, ready });
  try {
    await server.listen({ host, port });
  } catch (error) {
    await runtime.close();
    throw error;
  }
  const address = server.server.address() as AddressInfo; // a TCP server that listens has one
  return {
    url: `http://${host}:${address.port}`,
    close: async () => {
      await server.close();
      await runtime.close();
    },
  };
}
