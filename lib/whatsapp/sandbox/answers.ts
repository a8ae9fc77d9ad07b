import type { Answer } from "./behaviour";
import type { Person, Received } from "./people";
import { inboundId, type ReportStyle, senderOf, unixSeconds } from "./reports";
import { OPT_OUT_BUTTON, wordsFor } from "./words";

/** Above this choice the person quotes the message that is answered. */
const QUOTES_ABOVE = 0.85;

/** What stands around every message from a person. `what` names it: the same name is the same message. */
export function inboundFrame(person: Person, style: ReportStyle, { at, what }: { at: number; what: string }) {
  return { ...senderOf(person, style, at), id: inboundId(person, what), timestamp: unixSeconds(at) };
}

/** What a person sends back by the model: the tap of a button, or words. */
export function answerMessage(
  received: Received,
  answer: Answer,
  { at, style, businessNumber }: { at: number; style: ReportStyle; businessNumber: string },
): Record<string, unknown> {
  const { message, person } = received;
  const frame = inboundFrame(person, style, { at, what: `${message.wamid}:answer` });
  const isOptOut = answer.kind === "opt_out";
  const button = message.quickReplies.find((one) => OPT_OUT_BUTTON.test(`${one.payload} ${one.text}`) === isOptOut);
  const context = { from: businessNumber, id: message.wamid };
  if (button && answer.way === "tap") {
    return { context, ...frame, type: "button", button: { payload: button.payload, text: button.text } };
  }
  const body = wordsFor(answer.kind, person.language ?? message.language ?? "es", answer.choice);
  return { ...(answer.choice > QUOTES_ABOVE && { context }), ...frame, type: "text", text: { body } };
}
