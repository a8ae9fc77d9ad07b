import { type Dispatcher, Pool } from "undici";

/** What one HTTP request came to. `unsent`: not one byte of it was written. `ambiguous`: it may have been processed. */
export type Exchange =
  | { kind: "answer"; status: number; body: Buffer }
  | { kind: "unsent"; reason: string }
  | { kind: "ambiguous"; reason: string };

export interface HttpRequest {
  method: "GET" | "POST" | "DELETE";
  path: string;
  headers: Record<string, string>;
  body?: string | Uint8Array;
  /** Asked when a connection is free, right before the first byte; false gives `unsent`. */
  mayStart?: () => boolean;
  /** Instead of the pool's, as files need. */
  patience?: Partial<Timeouts>;
  maxAnswerBytes?: number;
}

export interface Timeouts {
  connectMs: number;
  headersMs: number;
  bodyMs: number;
  /** From the moment the request is handed over, waiting for a connection included. */
  totalMs: number;
}

/** Shorter than the 30 s lease of a send attempt: nobody else may judge an attempt that still runs. */
export const defaultTimeouts: Timeouts = { connectMs: 5_000, headersMs: 10_000, bodyMs: 5_000, totalMs: 15_000 };

const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

/** A keep-alive pool for one origin that never repeats a request by itself. */
export function createExchanger(origin: string, options: { connections: number; timeouts: Timeouts }) {
  const { timeouts } = options;
  const pool = new Pool(origin, {
    connections: options.connections,
    pipelining: 1, // A second request on a connection would share the fate of the first.
    connect: { timeout: timeouts.connectMs },
  });
  return {
    exchange: (request: HttpRequest) => exchange(pool, request, { ...timeouts, ...request.patience }),
    close: () => pool.destroy(),
  };
}

function exchange(pool: Pool, request: HttpRequest, timeouts: Timeouts): Promise<Exchange> {
  return new Promise((resolve) => {
    const handler = new ExchangeHandler(request, resolve);
    handler.startDeadline(timeouts.totalMs);
    try {
      const { method, path, headers, body } = request;
      const { headersMs: headersTimeout, bodyMs: bodyTimeout } = timeouts;
      pool.dispatch({ method, path, headers, body, headersTimeout, bodyTimeout }, handler);
    } catch (error) {
      handler.settle({ kind: "unsent", reason: reasonOf(error) });
    }
  });
}

/** Tells apart what was certainly not sent from what may have been: `hasStarted` turns true with the first byte. */
class ExchangeHandler implements Dispatcher.DispatchHandler {
  private hasStarted = false;
  private isSettled = false;
  private status = 0;
  private bytes = 0;
  private readonly chunks: Buffer[] = [];
  private controller: Dispatcher.DispatchController | undefined;
  private deadline: NodeJS.Timeout | undefined;

  constructor(
    private readonly request: Pick<HttpRequest, "mayStart" | "maxAnswerBytes">,
    private readonly resolve: (exchange: Exchange) => void,
  ) {}

  startDeadline(totalMs: number) {
    this.deadline = setTimeout(() => this.giveUp("deadline"), totalMs);
  }

  settle(exchange: Exchange) {
    if (this.isSettled) return;
    this.isSettled = true;
    clearTimeout(this.deadline);
    this.resolve(exchange);
  }

  private fail(reason: string) {
    this.settle({ kind: this.hasStarted ? "ambiguous" : "unsent", reason });
  }

  private giveUp(reason: string) {
    this.fail(reason);
    this.controller?.abort(new Error(reason));
  }

  onRequestStart(controller: Dispatcher.DispatchController) {
    this.controller = controller;
    // Called again only if undici were to repeat the request on another connection, which must not happen.
    if (this.hasStarted || this.isSettled) return this.giveUp("repeated");
    if (this.request.mayStart?.() === false) return this.giveUp("not_allowed");
    this.hasStarted = true;
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number) {
    this.status = status;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer) {
    this.bytes += chunk.length;
    if (this.bytes > (this.request.maxAnswerBytes ?? MAX_ANSWER_BYTES)) return this.giveUp("answer_too_large");
    this.chunks.push(chunk);
  }

  onResponseEnd() {
    this.settle({ kind: "answer", status: this.status, body: Buffer.concat(this.chunks) });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error) {
    this.fail(reasonOf(error));
  }
}

/** A short name for logs and attempt rows: the system's or undici's code, never a message with an address in it. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  if ("code" in error && typeof error.code === "string") return error.code;
  return error.name;
}
