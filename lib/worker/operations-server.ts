import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { log, safeMessage } from "@/lib/foundation/log";

export interface OperationsServer {
  url: string;
  close(): Promise<void>;
}

/** What the worker tells those who run it, on loopback alone. */
export interface OperationsAnswers {
  /** The database answers. */
  ready(): Promise<boolean>;
  metrics(): Promise<{ contentType: string; text: string }>;
}

/**
 * `/healthz` (the process lives), `/readyz` (it can work), `/metrics` (Prometheus). On 127.0.0.1; a proxy of one's own decides who
 * else may look. `port` 0: any free one.
 */
export async function serveOperations(port: number, answers: OperationsAnswers): Promise<OperationsServer> {
  const answer = async (path: string): Promise<{ status: number; type?: string; text: string }> => {
    if (path === "/healthz") return { status: 200, text: "ok" };
    if (path === "/readyz")
      return (await answers.ready()) ? { status: 200, text: "ok" } : { status: 503, text: "away" };
    if (path !== "/metrics") return { status: 404, text: "not found" };
    const { contentType, text } = await answers.metrics();
    return { status: 200, type: contentType, text };
  };
  const server = createServer((request, response) => {
    answer(new URL(request.url ?? "/", "http://localhost").pathname)
      .catch((error: unknown) => {
        log.warn("operations.not_told", { error: safeMessage(error) });
        return { status: 503, text: "away" };
      })
      .then(({ status, type = "text/plain; charset=utf-8", text }: { status: number; type?: string; text: string }) => {
        response.writeHead(status, { "content-type": type, "cache-control": "no-store" });
        response.end(request.method === "HEAD" ? undefined : text);
      });
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address() as AddressInfo; // a TCP server that listens has one
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
