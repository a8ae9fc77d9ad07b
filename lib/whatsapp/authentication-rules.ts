import * as z from "zod";
import { lengthProblems, type TemplateProblem, templateLimits } from "./template-problem";

/** How the button of an authentication template hands over the code. */
export const codeButtonKinds = ["COPY_CODE", "ONE_TAP", "ZERO_TAP"] as const;
export type CodeButtonKind = (typeof codeButtonKinds)[number];

const upper = z.string().transform((value) => value.toUpperCase());
const body = z.object({ text: z.undefined().optional(), add_security_recommendation: z.boolean().optional() });
const footer = z.object({ text: z.undefined().optional(), code_expiration_minutes: z.unknown() });
const app = z.object({ package_name: z.string(), signature_hash: z.string() });
const button = z.object({
  type: upper.pipe(z.literal("OTP")),
  otp_type: upper,
  text: z.string().optional(),
  autofill_text: z.string().optional(),
  supported_apps: z.array(app).optional(),
  /** One app alone, as Meta wrote it before there were lists. */
  package_name: z.string().optional(),
  signature_hash: z.string().optional(),
  zero_tap_terms_accepted: z.boolean().optional(),
});
type CodeButton = z.infer<typeof button>;

/** Two parts at least, each beginning with a letter, as Android names its apps. */
const PACKAGE = /^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$/i;
/** The first eleven characters of a hash in base64; Meta's own example writes its slash as `%2F`. */
const SIGNATURE = /^([a-z0-9+/=]|%2[bf]|%3d){11}$/i;
const PARTS = new Set(["BODY", "FOOTER", "BUTTONS"]);

/**
 * Rules of an authentication template (Meta: "Authentication templates"): Meta writes its texts, so there is a body that may
 * advise, a footer that may say when the code ends, and one button that hands it over.
 */
export function authenticationProblems(
  components: readonly { [key: string]: unknown; type: string }[],
): TemplateProblem[] {
  const of = (type: string) => components.find((one) => one.type.toUpperCase() === type);
  const problems: TemplateProblem[] = [];
  if (components.some(({ type }) => !PARTS.has(type.toUpperCase())))
    problems.push({ code: "category_not_allowed", at: "components" });
  if (!of("BODY")) problems.push({ code: "body_missing", at: "body" });
  else if (!body.safeParse(of("BODY")).success) problems.push({ code: "text_not_ours", at: "body" });
  return [...problems, ...footerProblems(of("FOOTER")), ...buttonsProblems(of("BUTTONS"))];
}

function footerProblems(component: unknown): TemplateProblem[] {
  if (component === undefined) return [];
  const read = footer.safeParse(component);
  if (!read.success) return [{ code: "text_not_ours", at: "footer" }];
  const { code_expiration_minutes: minutes } = read.data;
  const isRight = Number.isInteger(minutes) && Number(minutes) >= 1 && Number(minutes) <= templateLimits.codeMinutes;
  return isRight ? [] : [{ code: "minutes_out_of_range", at: "footer", limit: templateLimits.codeMinutes }];
}

function buttonsProblems(component: unknown): TemplateProblem[] {
  const list = z.object({ buttons: z.array(z.unknown()) }).safeParse(component);
  const [first, ...others] = list.success ? list.data.buttons : [];
  const read = button.safeParse(first);
  if (!read.success || others.length > 0) return [{ code: "code_button_missing", at: "buttons" }];
  const kind = codeButtonKinds.find((one) => one === read.data.otp_type);
  if (!kind) return [{ code: "button_unknown", at: "buttons" }];
  const labels = [read.data.text, read.data.autofill_text].flatMap((text) =>
    text === undefined ? [] : lengthProblems(text, "buttons", templateLimits.buttonText),
  );
  return kind === "COPY_CODE" ? labels : [...labels, ...appProblems(read.data, kind)];
}

/** What fills the code in by itself has to be known to Meta: the app by its name and its signature. */
function appProblems(one: CodeButton, kind: CodeButtonKind): TemplateProblem[] {
  const problems: TemplateProblem[] = [];
  const { supported_apps, package_name = "", signature_hash = "" } = one;
  const apps = supported_apps ?? (package_name || signature_hash ? [{ package_name, signature_hash }] : []);
  const isKnown = (each: z.infer<typeof app>) =>
    PACKAGE.test(each.package_name) &&
    each.package_name.length <= templateLimits.packageName &&
    SIGNATURE.test(each.signature_hash);
  if (apps.length === 0) problems.push({ code: "app_missing", at: "buttons" });
  if (apps.length > templateLimits.apps)
    problems.push({ code: "too_many_apps", at: "buttons", limit: templateLimits.apps });
  if (!apps.every(isKnown)) problems.push({ code: "app_invalid", at: "buttons" });
  if (kind === "ZERO_TAP" && one.zero_tap_terms_accepted !== true)
    problems.push({ code: "terms_not_accepted", at: "buttons" });
  return problems;
}
