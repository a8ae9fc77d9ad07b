import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Operations } from "@/lib/reporting/queries/read-operations";

/** What this worker counts of its own doing, and what it reads of the whole installation when it is asked. */
export interface Metrics {
  claimed(sends: number, refused: number, seconds: number): void;
  recorded(kind: string): void;
  /** In the text format of Prometheus. */
  render(operations: Operations): Promise<string>;
  readonly contentType: string;
}

const CLAIM_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2];

/** The names are part of ops/grafana-dashboard.json, which shows them. */
export function createMetrics(): Metrics {
  const registers = [new Registry()];
  const [registry] = registers as [Registry]; // one, made in the line above
  collectDefaultMetrics({ register: registry, prefix: "contraste_" });
  const claims = new Histogram({
    name: "contraste_claim_seconds",
    help: "Time that the gate took for one claim",
    buckets: CLAIM_SECONDS,
    registers,
  });
  const attempts = new Counter({ name: "contraste_attempts_total", help: "Messages that passed the gate", registers });
  const refusals = new Counter({
    name: "contraste_gate_refusals_total",
    help: "Messages that the gate ended for good",
    registers,
  });
  const outcomes = new Counter({
    name: "contraste_outcomes_total",
    help: "What became of attempts",
    labelNames: ["kind"],
    registers,
  });
  const gauge = (name: string, help: string) => new Gauge({ name: `contraste_${name}`, help, registers });
  const gauges: Record<keyof Operations, Gauge> = {
    queueAgeSeconds: gauge("queue_age_seconds", "How long the message that is due longest has waited"),
    unknown: gauge("unknown_messages", "Messages whose fate nobody knows yet"),
    webhookLagSeconds: gauge("webhook_lag_seconds", "How long the oldest unread webhook has waited"),
    logLagSeconds: gauge("log_lag_seconds", "How long the oldest entry without a signed checkpoint has waited"),
    openBooks: gauge("books_open", "Campaigns whose states do not add up to their recipients"),
  };
  return {
    claimed: (sends, refused, seconds) => {
      claims.observe(seconds);
      attempts.inc(sends);
      refusals.inc(refused);
    },
    recorded: (kind) => outcomes.inc({ kind }),
    render: async (operations) => {
      for (const [name, value] of Object.entries(operations)) gauges[name as keyof Operations].set(value); // keys of the type
      return registry.metrics();
    },
    contentType: registry.contentType,
  };
}
