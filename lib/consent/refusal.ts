import { readOptOut } from "./opt-out-detector";

const OPT_OUT_PAYLOAD = /^OPT_OUT(:.*)?$/;

/** Whether a tapped button or row is one of ours for opting out. */
export function isOptOutPayload(payload: string | undefined): boolean {
  return payload !== undefined && OPT_OUT_PAYLOAD.test(payload);
}

/**
 * How a message of a person reads (compliance/design.md 1.5): by what was tapped, else by what it says, be that a text, a
 * caption, a label or an edited text. `review`: a person has to read it.
 */
export function readRefusal({ payload, text }: { payload?: string; text?: string }): "opt_out" | "review" | undefined {
  if (isOptOutPayload(payload)) return "opt_out";
  const reading = readOptOut(text ?? "");
  if (reading === "optout") return "opt_out";
  return reading === "review" ? "review" : undefined;
}
