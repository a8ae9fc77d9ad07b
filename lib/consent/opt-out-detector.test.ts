import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { holds } from "@/lib/foundation/testing/holds";
import { normalise, readOptOut } from "./opt-out-detector";
import { optOutKeywords } from "./opt-out-keywords";
import vectors from "./vectors/optout-messages.json";

// vectors/optout-messages.json: labelled by hand, from the product's compliance specification.
describe("the opt-out detector", () => {
  test.each(vectors.cases)("$lang: $text → $expect", ({ text, expect: reading }) => {
    expect(readOptOut(text)).toBe(reading);
  });

  test("every keyword of every language opts out, alone, shouted, with an emoji and with a please", () => {
    for (const keyword of Object.values(optOutKeywords).flat()) {
      for (const text of [keyword, keyword.toUpperCase(), `${keyword} 🛑`, `"${keyword}"!`, `${keyword} por favor`]) {
        expect([text, readOptOut(text)]).toEqual([text, "optout"]);
      }
    }
  });

  test.each([
    ["es", "Hola, ¿me podéis dar de baja? Quiero darme de baja", "optout"],
    ["es", "No quiero recibir más publicidad vuestra", "optout"],
    ["es", "dejad de escribirme", "optout"],
    ["es", "Quiero cancelar mi suscripción", "optout"],
    ["es", "B A J A", "optout"],
    ["es", "baja baja baja", "optout"],
    ["es", "¿de dónde habéis sacado mi número?", "review"],
    ["es", "Qué pesados sois", "review"],
    ["es", "os voy a denunciar", "review"],
    ["es", "no me interesa", "review"],
    ["es", "no me enviaron mensajes con el código", "none"],
    ["es", "no me llames mañana, mejor el lunes", "none"],
    ["es", "¿y la baja maternal?", "none"],
    ["es", "Por favor, dejen de mandarme mensajes", "optout"],
    ["es", "No deseo recibir más información", "optout"],
    ["es", "quiero cancelar mi cita de mañana", "none"],
    ["es", "¿tenéis temporada baja en enero?", "none"],
    ["es", "¿a qué hora vais a salir?", "none"],
    ["es", "¿Puedo eliminar un producto del pedido?", "none"],
    ["en", "stooooop", "optout"],
    ["en", "STOP STOP STOP", "optout"],
    ["en", "Please don't text me anymore", "optout"],
    ["en", "take me off this list", "optout"],
    ["en", "I want to unsubscribe", "optout"],
    ["en", "leave me alone", "review"],
    ["en", "not interested, thanks", "review"],
    ["en", "Stop. I told you already", "review"],
    ["en", "I don't want to unsubscribe", "review"],
    ["en", "unless you stop sending me messages I will complain", "review"],
    ["en", "I no longer wish to receive these messages", "optout"],
    ["en", "i don't want to receive it before Monday", "none"],
    ["en", "please don't call me before 9am", "none"],
    ["en", "unsubscirbe", "review"],
    ["en", "when does the sale end?", "none"],
    ["en", "does the bus stop near your shop?", "none"],
    ["en", "shop", "none"],
    ["en", "👍", "none"],
    ["en", "", "none"],
    ["de", "Bitte keine Werbung mehr", "optout"],
    ["de", "Ich möchte keine Werbung mehr", "optout"],
    ["de", "Ich möchte keine Tüte mehr", "none"],
    ["de", "Nein danke", "review"],
    ["de", "Wann endet die Aktion?", "none"],
    ["fr", "Ne m'envoyez plus de messages", "optout"],
    ["fr", "Non merci", "review"],
    ["it", "non voglio più ricevere messaggi", "optout"],
    ["pt", "Não quero mais mensagens", "optout"],
    ["pt", "parem de me enviar mensagens", "optout"],
    ["nl", "geen berichten meer aub", "optout"],
    ["ru", "прекратите присылать сообщения", "optout"],
    ["ru", "Не пишите мне больше", "optout"],
    ["ar", "إلغاء الاشتراك", "optout"],
    ["hi", "बंद करो", "optout"],
  ])("%s: %s → %s", (_language, text, reading) => {
    expect(readOptOut(text)).toBe(reading);
  });

  test("what the organisation adds opts out too, and takes nothing away", () => {
    expect(readOptOut("Adiós!", ["adios"])).toBe("optout");
    expect(readOptOut("baja", ["adios"])).toBe("optout");
    expect(readOptOut("adiós")).toBe("none");
  });

  test("normalising twice is normalising once, and any text is read without failing", async () => {
    await holds(
      "opt-out",
      fc.property(fc.string({ unit: "grapheme", maxLength: 200 }), (text) => {
        expect(["optout", "review", "none"]).toContain(readOptOut(text));
        expect(normalise(normalise(text))).toBe(normalise(text));
      }),
      { runs: 500, long: 5_000 },
    );
  });

  test("a keyword opts out in whatever dress: case, width, accents apart, spaces, marks, emoji, pleases, said again", async () => {
    const keywords = fc.constantFrom(...Object.values(optOutKeywords).flat());
    const dresses = fc.array(
      fc.constantFrom<(text: string) => string>(
        (text) => text.toUpperCase(),
        (text) => text.normalize("NFD"),
        (text) => text.replace(/[a-z]/g, (letter) => String.fromCodePoint((letter.codePointAt(0) ?? 0) + 0xfee0)),
        (text) => text.replaceAll(" ", "\u00a0 "),
        (text) => `${text} ${text}`,
        (text) => `\n\t${text}  `,
        (text) => `*${text}*!!`,
        (text) => `🛑${text} 🙏🏽`,
        (text) => `${text} please`,
        (text) => `por favor ${text}`,
      ),
      { maxLength: 4 },
    );
    await holds(
      "opt-out",
      fc.property(keywords, dresses, (keyword, worn) => {
        expect(readOptOut(worn.reduce((text, dress) => dress(text), keyword))).toBe("optout");
      }),
      { runs: 500, long: 5_000 },
    );
  });
});
