import { fillPlaceholders, isCodeButton, isUrlButton, placeholdersOf, type TemplateButton } from "./components";
import type { MessageProblem } from "./message-problem";
import { type SentComponent, type SentParameter, UNSENDABLE } from "./sent-component";
import { lengthOf, templateLimits } from "./template-problem";

/** How a type of button is filled: by which `sub_type` and parameter, and whether it cannot do without. */
function fillingOf(button: TemplateButton): { subTypes: string[]; parameter: string; field: string; need: Need } {
  const own = button.type.toLowerCase();
  switch (button.type) {
    case "URL": {
      const hasVariable = isUrlButton(button) && placeholdersOf(button.url).length > 0;
      return { subTypes: [own], parameter: "text", field: "text", need: hasVariable ? "always" : "never" };
    }
    case "OTP":
      return { subTypes: ["url", own], parameter: "text", field: "text", need: "always" };
    case "COPY_CODE":
      return { subTypes: [own], parameter: "coupon_code", field: "coupon_code", need: "always" };
    case "MPM":
      return { subTypes: [own], parameter: "action", field: "action", need: "always" };
    case "QUICK_REPLY":
      return { subTypes: [own], parameter: "payload", field: "payload", need: "maybe" };
    case "PHONE_NUMBER":
      return { subTypes: [own], parameter: "", field: "", need: "never" };
    case "FLOW":
    case "CATALOG":
    case "SPM":
      return { subTypes: [own], parameter: "action", field: "action", need: "maybe" };
    default:
      return { subTypes: [own], parameter: "", field: "", need: "any" };
  }
}
type Need = "always" | "maybe" | "never" | "any";

/** Rules for what fills the buttons of a template, or of one card. */
export function* buttonRules(
  buttons: readonly TemplateButton[],
  sent: readonly SentComponent[],
): Generator<MessageProblem> {
  for (const one of sent) {
    const button = buttons[one.index ?? -1];
    const subType = one.sub_type?.toLowerCase() ?? "";
    if (!button || !fillingOf(button).subTypes.includes(subType)) {
      const index = one.index ?? -1;
      yield { code: "button_mismatch", at: "buttons", params: { index, position: index + 1, sent: subType } };
    }
  }
  for (const [index, button] of buttons.entries()) {
    const values = sent.filter((one) => one.index === index).flatMap((one) => one.parameters);
    yield* oneButtonRules(button, index, values);
  }
}

function* oneButtonRules(
  button: TemplateButton,
  index: number,
  values: readonly SentParameter[],
): Generator<MessageProblem> {
  const { parameter: expected, field, need } = fillingOf(button);
  const params = { index, position: index + 1, expected: button.type };
  const [value] = values;
  if (!value) {
    if (need === "always") yield { code: "button_value_missing", at: "buttons", params };
    return;
  }
  if (need === "any") return;
  if (need === "never") return yield { code: "button_takes_none", at: "buttons", params };
  if (values.length > 1) yield { code: "parameter_count", at: "buttons", params: { sent: values.length, expected: 1 } };
  if (value.type !== expected) {
    const kinds = { expected: expected.toUpperCase(), sent: value.type.toUpperCase() };
    yield { code: "parameter_kind", at: "buttons", params: kinds };
  }
  const content = value[field];
  if (expected === "action") {
    if (typeof content !== "object" || content === null) yield { code: "button_value_missing", at: "buttons", params };
    return;
  }
  if (typeof content !== "string" || content === "") {
    return yield { code: "button_value_missing", at: "buttons", params };
  }
  yield* buttonTextRules(button, content);
}

function* buttonTextRules(button: TemplateButton, content: string): Generator<MessageProblem> {
  if (button.type === "QUICK_REPLY") return;
  if (UNSENDABLE.test(content)) yield { code: "parameter_format", at: "buttons", params: {} };
  const { limit, filled } = filledBy(button, content);
  const length = lengthOf(filled);
  if (length > limit) yield { code: "text_too_long", at: "buttons", params: { sent: length, limit } };
}

/** What is measured, and against what: a link as a whole, a code by itself. */
function filledBy(button: TemplateButton, content: string): { limit: number; filled: string } {
  if (isCodeButton(button)) return { limit: templateLimits.oneTimeCode, filled: content };
  if (!isUrlButton(button)) return { limit: templateLimits.code, filled: content };
  return { limit: templateLimits.url, filled: fillPlaceholders(button.url, { "1": content }) };
}
