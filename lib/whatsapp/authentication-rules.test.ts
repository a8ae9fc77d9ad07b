import { describe, expect, test } from "vitest";
import { withMetaTexts } from "./authentication-texts";
import { checkMessage } from "./message-rules";
import { templateRequest } from "./requests";
import { checkTemplateDraft } from "./template-rules";

const body = { type: "BODY", add_security_recommendation: true };
const footer = { type: "FOOTER", code_expiration_minutes: 10 };
const copy = { type: "OTP", otp_type: "COPY_CODE", text: "Copiar" };
const app = { package_name: "com.example.tienda", signature_hash: "K8a/AINcGX7" };
const oneTap = { type: "OTP", otp_type: "ONE_TAP", autofill_text: "Rellenar", supported_apps: [app] };
const zeroTap = { ...oneTap, otp_type: "ZERO_TAP", zero_tap_terms_accepted: true };
type Part = { [key: string]: unknown; type: string };
const of = (button: object, parts: Part[] = [body, footer]) => ({
  name: "codigo",
  language: "es",
  category: "AUTHENTICATION",
  components: [...parts, { type: "BUTTONS", buttons: [button] }],
});
const codes = (draft: Parameters<typeof checkTemplateDraft>[0]) =>
  checkTemplateDraft(draft).map(({ code, at }) => `${at}: ${code}`);

describe("Meta takes an authentication template", () => {
  test.each([
    ["whose code is copied", of(copy)],
    ["without a label, an advice or an end", of({ type: "otp", otp_type: "copy_code" }, [{ type: "body" }])],
    ["whose code an app fills in at one tap", of(oneTap)],
    ["… at no tap", of(zeroTap)],
    [
      "that names its app as Meta's own example does",
      of({ ...oneTap, supported_apps: undefined, ...app, signature_hash: "K8a%2FAINcGX7" }),
    ],
    ["that Meta tries for half a minute", { ...of(copy), message_send_ttl_seconds: 30 }],
  ])("%s", (_what, draft) => {
    expect(codes(draft)).toEqual([]);
  });
});

test.each([
  ["a text of its own", of(copy, [{ type: "BODY", text: "Tu código es {{1}}" }]), "body: text_not_ours"],
  ["a footer of its own", of(copy, [body, { type: "FOOTER", text: "Olmo" }]), "footer: text_not_ours"],
  ["no body", of(copy, [footer]), "body: body_missing"],
  ["a header", of(copy, [{ type: "HEADER", format: "TEXT", text: "Olmo" }, body]), "components: category_not_allowed"],
  ["an end in no time", of(copy, [body, { ...footer, code_expiration_minutes: 0 }]), "footer: minutes_out_of_range"],
  ["an end too late", of(copy, [body, { ...footer, code_expiration_minutes: 91 }]), "footer: minutes_out_of_range"],
  ["a reply instead of the code", of({ type: "QUICK_REPLY", text: "Vale" }), "buttons: code_button_missing"],
  ["no button", { ...of(copy), components: [body] }, "buttons: code_button_missing"],
  [
    "two buttons",
    { ...of(copy), components: [body, { type: "BUTTONS", buttons: [copy, copy] }] },
    "buttons: code_button_missing",
  ],
  ["a way that nobody knows", of({ ...copy, otp_type: "TELEPATHY" }), "buttons: button_unknown"],
  ["a long label", of({ ...copy, text: "a".repeat(26) }), "buttons: too_long"],
  ["one tap without an app", of({ ...oneTap, supported_apps: [] }), "buttons: app_missing"],
  ["six apps", of({ ...oneTap, supported_apps: Array(6).fill(app) }), "buttons: too_many_apps"],
  [
    "an app of one word",
    of({ ...oneTap, supported_apps: [{ ...app, package_name: "tienda" }] }),
    "buttons: app_invalid",
  ],
  ["a short signature", of({ ...oneTap, supported_apps: [{ ...app, signature_hash: "K8a" }] }), "buttons: app_invalid"],
  ["no tap without the terms", of({ ...zeroTap, zero_tap_terms_accepted: false }), "buttons: terms_not_accepted"],
  ["a code that is tried for an hour", { ...of(copy), message_send_ttl_seconds: 3_600 }, "ttl: ttl_out_of_range"],
  ["its button in a marketing template", marketing(copy), "buttons: category_not_allowed"],
])("Meta's refusal is foreseen: %s", (_what, draft, problem) => {
  expect(codes(draft)).toContain(problem);
});

function marketing(button: object) {
  const text = { type: "BODY", text: "Ven a la tienda hoy" };
  return { ...of(button), category: "MARKETING", components: [text, { type: "BUTTONS", buttons: [button] }] };
}

describe("a code that is sent", () => {
  const components = withMetaTexts(of(oneTap).components, "AUTHENTICATION", "es");
  const verdict = (code: string, suffix = code) =>
    checkMessage(
      { status: "APPROVED", components },
      templateRequest({
        to: "+34600000001",
        template: "codigo",
        language: "es",
        body: [{ text: code }],
        buttons: [{ kind: "url", index: 0, suffix }],
      }),
    )?.code;

  test("has at most fifteen characters, whatever the length of the link that carries it", () => {
    expect(verdict("1".repeat(15))).toBeUndefined();
    expect(verdict("1".repeat(16))).toBe("text_too_long");
  });

  test("stands in the text and in the button", () => {
    expect(verdict("123456", "")).toBe("button_value_missing");
    expect(
      checkMessage(
        { status: "APPROVED", components },
        templateRequest({ to: "+34600000001", template: "codigo", language: "es", body: [{ text: "123456" }] }),
      )?.code,
    ).toBe("button_value_missing");
  });
});
