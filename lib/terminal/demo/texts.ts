import type { BehaviourInput } from "@/lib/whatsapp/sandbox/world";

const FOOTER = "Responde BAJA para no recibir más mensajes";

function components(body: string, linkBase: string): unknown[] {
  return [
    { type: "BODY", text: body, example: { body_text: [["Lucía"]] } },
    { type: "FOOTER", text: FOOTER },
    {
      type: "BUTTONS",
      buttons: [
        { type: "URL", text: "Ver rebajas", url: `${linkBase}/l/{{1}}`, example: [`${linkBase}/l/abc`] },
        { type: "QUICK_REPLY", text: "No más mensajes" },
      ],
    },
  ];
}

/** The two texts that the demo compares, and how the invented people take them. The truth of the world is known. */
export function demoVariants(
  linkBase: string,
): { key: "A" | "B"; name: string; components: unknown[]; behaviour: BehaviourInput }[] {
  const common = { deliver: 0.955, readReceiptsOn: 0.82, read: 0.74, optOut: 0.006 };
  return [
    {
      key: "A",
      name: "rebajas_otono_a",
      components: components(
        "Hola {{1}}, ya están aquí las rebajas de otoño: hasta un 30 % en toda la tienda durante esta semana.",
        linkBase,
      ),
      behaviour: { ...common, click: 0.11, reply: 0.02, buyLiftPerDelivered: 0.013 },
    },
    {
      key: "B",
      name: "rebajas_otono_b",
      components: components(
        "Hola {{1}}, hemos reservado para ti un 30 % en tu próxima compra. *Solo esta semana*, sin código: se aplica al pagar.",
        linkBase,
      ),
      behaviour: { ...common, click: 0.15, reply: 0.026, buyLiftPerDelivered: 0.025 },
    },
  ];
}

/** What people buy without any message, in the window. */
export const BASE_RATE = 0.021;
export const WINDOW_HOURS = 72;
/** The shop's last order falls inside the window, so that nothing is cut off by the measuring. */
export const HORIZON_HOURS = 71;
export const LANDING_PAGE = "https://tienda.example/rebajas";
