import { OTP_LINK } from "./components";

/** Meta stands this number where the code will be, in previews and reviews. */
export const EXAMPLE_CODE = "123456";

type Component = { [key: string]: unknown };

interface Words {
  code: string;
  security: string;
  expiry: (minutes: string) => string;
  copy: string;
  autofill: string;
}
const english: Words = {
  code: "*{{1}}* is your verification code.",
  security: "For your security, do not share this code.",
  expiry: (minutes) => `This code expires in ${minutes} minutes.`,
  copy: "Copy code",
  autofill: "Autofill",
};
const byLanguage: Record<string, Words> = {
  es: {
    code: "Tu código de verificación es *{{1}}*.",
    security: "Por tu seguridad, no lo compartas.",
    expiry: (minutes) => `Este código caduca en ${minutes} minutos.`,
    copy: "Copiar código",
    autofill: "Autocompletar",
  },
};

/**
 * Components of an authentication template with the texts that Meta writes itself; those of others as they are. Meta has
 * them in every language; here they stand in those of `byLanguage`, else in English: for a preview and for the sandbox.
 */
export function withMetaTexts<One extends Component>(components: One[], category: string, language: string): One[] {
  if (category !== "AUTHENTICATION") return components;
  const words = byLanguage[language.slice(0, 2)] ?? english;
  const minutes = components.find((one) => one.code_expiration_minutes !== undefined)?.code_expiration_minutes;
  return components.map((one) => {
    const type = String(one.type).toUpperCase();
    if (type === "BODY" && one.text === undefined) {
      const text = one.add_security_recommendation === true ? `${words.code} ${words.security}` : words.code;
      return { ...one, text, example: { body_text: [[EXAMPLE_CODE]] } };
    }
    if (type === "FOOTER" && one.text === undefined) return { ...one, text: words.expiry(String(minutes)) };
    return Array.isArray(one.buttons)
      ? { ...one, buttons: one.buttons.map((button) => otpButton(button, words)) }
      : one;
  });
}

/** Meta keeps the button for a one-time password as a link that carries the code, and what else was said of it. */
function otpButton(button: Record<string, unknown>, words: Words) {
  if (String(button.type).toUpperCase() !== "OTP") return button;
  const kind = String(button.otp_type ?? "COPY_CODE").toUpperCase();
  const asked = new URLSearchParams({ otp_type: kind });
  if (kind !== "COPY_CODE") {
    asked.set("cta_display_name", String(button.autofill_text ?? words.autofill));
    for (const [name, value] of appsOf(button)) asked.append(name, value);
  }
  const url = `${OTP_LINK}?${asked}&code=otp{{1}}`;
  return { type: "URL", text: button.text ?? words.copy, url, example: [url.replace("{{1}}", EXAMPLE_CODE)] };
}

function appsOf({ supported_apps: apps, package_name, signature_hash }: Record<string, unknown>): [string, string][] {
  const all: Record<string, unknown>[] = Array.isArray(apps) ? apps : [{ package_name, signature_hash }];
  return all.flatMap((app): [string, string][] => [
    ["package_name", String(app.package_name)],
    ["signature_hash", String(app.signature_hash)],
  ]);
}
