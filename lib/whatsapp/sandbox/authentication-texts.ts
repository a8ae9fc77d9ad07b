import type { Draft } from "./template-drafts";

type Components = Draft["components"];

interface Words {
  code: string;
  security: string;
  expiry: (minutes: string) => string;
  copy: string;
}
const english: Words = {
  code: "*{{1}}* is your verification code.",
  security: "For your security, do not share this code.",
  expiry: (minutes) => `This code expires in ${minutes} minutes.`,
  copy: "Copy code",
};
const byLanguage: Record<string, Words> = {
  es: {
    code: "Tu código de verificación es *{{1}}*.",
    security: "Por tu seguridad, no lo compartas.",
    expiry: (minutes) => `Este código caduca en ${minutes} minutos.`,
    copy: "Copiar código",
  },
};

/** Components of an authentication template with the texts that Meta writes itself; those of others as they are. */
export function withMetaTexts(components: Components, category: string, language: string): Components {
  if (category !== "AUTHENTICATION") return components;
  const words = byLanguage[language.slice(0, 2)] ?? english;
  const minutes = components.find((one) => one.code_expiration_minutes !== undefined)?.code_expiration_minutes;
  return components.map((one) => {
    const type = one.type.toUpperCase();
    if (type === "BODY" && one.text === undefined) {
      const text = one.add_security_recommendation === true ? `${words.code} ${words.security}` : words.code;
      return { ...one, text, example: { body_text: [["123456"]] } };
    }
    if (type === "FOOTER" && one.text === undefined) return { ...one, text: words.expiry(String(minutes)) };
    return Array.isArray(one.buttons)
      ? { ...one, buttons: one.buttons.map((button) => otpButton(button, words)) }
      : one;
  });
}

/** Meta keeps the button for a one-time password as a link that carries the code. */
function otpButton(button: Record<string, unknown>, words: Words) {
  if (String(button.type).toUpperCase() !== "OTP") return button;
  const kind = String(button.otp_type ?? "COPY_CODE").toUpperCase();
  const url = `https://www.whatsapp.com/otp/code/?otp_type=${kind}&code=otp{{1}}`;
  return { type: "URL", text: button.text ?? words.copy, url, example: [url.replace("{{1}}", "123456")] };
}
