import { once } from "node:events";
import { createServer } from "node:net";

/**
 * Throws one sentence naming the first port that somebody else holds or that is given twice. 0 means any free port and is
 * never taken.
 */
export async function requireFreePorts(ports: Readonly<Record<string, number>>): Promise<void> {
  const settings = new Map<number, string>();
  for (const [setting, port] of Object.entries(ports)) {
    const other = settings.get(port);
    if (port !== 0 && other) throw new Error(`${other} and ${setting} are both ${port}; give each a port of its own.`);
    settings.set(port, setting);
    if (port !== 0 && !(await isFree(port))) {
      throw new Error(`Port ${port} is taken by another program; stop it, or choose another port with ${setting}=…`);
    }
  }
}

/** A port of the loopback interface that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("the system gave no port");
  return address.port;
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
  } catch {
    return false;
  }
  server.close();
  await once(server, "close");
  return true;
}
