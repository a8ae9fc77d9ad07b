import {
  isCodeButton,
  isCopyCode,
  isFlowButton,
  isPhoneButton,
  isQuickReply,
  isUrlButton,
  placeholdersOf,
  type TemplateButton,
} from "./components";
import { lengthProblems, type TemplateProblem, templateLimits } from "./template-problem";

/** Buttons whose label is ours to write. */
const LABELLED = new Set(["QUICK_REPLY", "URL", "PHONE_NUMBER", "FLOW"]);
/** Buttons that have a label of Meta's own, which some of them let us change. */
const LABELLED_BY_META = new Set("COPY_CODE CATALOG MPM SPM VOICE_CALL REQUEST_CONTACT_INFO".split(" "));

/** Rules for the buttons of a template or of a card (Meta: "Template components", Buttons). */
export function buttonProblems(buttons: TemplateButton[], most: number = templateLimits.buttons): TemplateProblem[] {
  const problems: TemplateProblem[] = [];
  const atMost = (count: number, limit: number) => {
    if (count > limit) problems.push({ code: "too_many_buttons", at: "buttons", limit });
  };
  atMost(buttons.length, most);
  atMost(buttons.filter(({ type }) => type === "URL").length, templateLimits.urlButtons);
  atMost(buttons.filter(({ type }) => type === "PHONE_NUMBER").length, templateLimits.phoneButtons);
  atMost(buttons.filter(({ type }) => type === "COPY_CODE").length, templateLimits.copyCodeButtons);
  // Quick replies form one group: QR,QR,URL is allowed, QR,URL,QR is not.
  const starts = buttons.filter(
    ({ type }, index) => type === "QUICK_REPLY" && buttons[index - 1]?.type !== "QUICK_REPLY",
  ).length;
  if (starts > 1) problems.push({ code: "quick_replies_not_together", at: "buttons" });
  return [...problems, ...buttons.flatMap(oneButtonProblems)];
}

function oneButtonProblems(button: TemplateButton): TemplateProblem[] {
  // A one-time code is handed over by authentication templates, which have rules of their own.
  if (isCodeButton(button)) return [{ code: "category_not_allowed", at: "buttons" }];
  if (!LABELLED.has(button.type) && !LABELLED_BY_META.has(button.type)) {
    return [{ code: "button_unknown", at: "buttons" }];
  }
  return [...labelProblems(button), ...contentProblems(button)];
}

function labelProblems({ type, text }: TemplateButton): TemplateProblem[] {
  if (text === undefined) return LABELLED.has(type) ? [{ code: "empty", at: "buttons" }] : [];
  const problems = lengthProblems(text, "buttons", templateLimits.buttonText);
  if (placeholdersOf(text).length > 0) problems.push({ code: "variable_not_allowed", at: "buttons" });
  return problems;
}

function contentProblems(button: TemplateButton): TemplateProblem[] {
  if (isQuickReply(button)) return [];
  if (isUrlButton(button)) return urlProblems(button.url, button.example);
  if (isPhoneButton(button)) return phoneProblems(button.phone_number);
  if (isCopyCode(button)) return codeProblems(button.example?.[0]);
  if (isFlowButton(button)) {
    const hasFlow = button.flow_id || button.flow_name || button.flow_json;
    return hasFlow ? [] : [{ code: "flow_missing", at: "buttons" }];
  }
  if (button.type === "URL") return [{ code: "url_invalid", at: "buttons" }];
  if (button.type === "PHONE_NUMBER") return [{ code: "phone_invalid", at: "buttons" }];
  return [];
}

function urlProblems(url: string, example: string[] | undefined): TemplateProblem[] {
  const problems = lengthProblems(url, "buttons", templateLimits.url);
  const names = placeholdersOf(url);
  if (!URL.canParse(url.replace(/\{\{1\}\}$/, "x")) || !/^https?:/i.test(url)) {
    problems.push({ code: "url_invalid", at: "buttons" });
  }
  if (names.length === 0) return problems;
  if (names.length > 1 || !url.endsWith("{{1}}")) problems.push({ code: "url_variable_not_at_end", at: "buttons" });
  if (!example?.[0]) problems.push({ code: "example_missing", at: "buttons" });
  return problems;
}

function phoneProblems(phone: string): TemplateProblem[] {
  if (!/^\+?[\d\s().-]*\d[\d\s().-]*$/.test(phone)) return [{ code: "phone_invalid", at: "buttons" }];
  return lengthProblems(phone, "buttons", templateLimits.phoneNumber);
}

function codeProblems(example: string | undefined): TemplateProblem[] {
  if (!example?.trim()) return [{ code: "example_missing", at: "buttons" }];
  return lengthProblems(example, "buttons", templateLimits.code);
}
