import "./quiet-log";
import { parseArgs } from "node:util";
import { prefixed } from "./prefixed";
import { runChaos } from "./testing/chaos-run";
import { textOf } from "./testing/stage";
import { wholeNumber } from "./whole-number";

/**
 * `npm run chaos -- [--seed N] [--kills N] [--messages N] [--refusals N] [--proof FILE]`: a campaign through the sandbox while the worker is killed
 * (kill -9) at moments that the seed decides, and eight writers refuse, agree and restrict (`--refusals N`, by default an eighth
 * of the messages; 0 sends at full speed). Prints the figures; exits 1 when somebody got two messages, somebody was
 * forgotten, the books do not close, or a consent was missing.
 */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seed: { type: "string", default: "1" },
      kills: { type: "string", default: "5" },
      messages: { type: "string", default: "2000" },
      refusals: { type: "string" },
      proof: { type: "string" },
    },
  });
  const seed = wholeNumber("seed", values.seed, { min: 0, max: 1_000_000 });
  const kills = wholeNumber("kills", values.kills, { min: 0, max: 200 });
  const messages = wholeNumber("messages", values.messages, { min: 200, max: 100_000 });
  const refusals = wholeNumber("refusals", values.refusals ?? String(Math.round(messages / 8)), {
    min: 0,
    max: 20_000,
  });
  const show = prefixed(process.stdout);
  const say = (who: string, line: string) => {
    if (/ended unexpectedly|\b(ERROR|FATAL)\b/.test(line)) show(who, line);
  };
  const figures = await runChaos({ seed, kills, messages, refusals, proofPath: values.proof, say });
  console.log(`seed ${seed} · ${figures.kills} kills · ${figures.recipients} recipients · ${figures.accepted} taken`);
  console.log(`most messages to one person: ${figures.mostAcceptedByOnePerson}`);
  console.log(`sends without valid consent: ${figures.withoutConsent}`);
  const { acts, stops, p50Ms, p99Ms, late } = figures.refusals;
  if (acts > 0) {
    console.log(
      `refusals: ${stops} by WhatsApp committed, p50 ${p50Ms} ms, p99 ${p99Ms} ms (promised 250); ${acts} acts of 8 writers`,
    );
    console.log(`requests more than 2 s after a refusal: ${late}`);
  }
  console.log(
    `books: ${Object.entries(figures.states)
      .map(([state, count]) => `${state} ${count}`)
      .join(", ")}`,
  );
  for (const violation of figures.violations) console.log(`VIOLATED ${violation}`);
  console.log(
    figures.violations.length === 0
      ? "Every promise held."
      : `Again: npm run chaos -- --seed ${seed} --kills ${kills} --messages ${messages} --refusals ${refusals}`,
  );
  return figures.violations.length === 0 ? 0 : 1;
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(`The run ended early. ${textOf(error)}`);
  return 1;
});
