import { createHash } from "node:crypto";

// Invented people: numbers are drawn, not taken from anybody, and never leave the sandbox.

export interface DemoPerson {
  /** As written in the file; broken on purpose for about one in a hundred. */
  cells: string[];
  /** E.164 of those whose number is one. */
  phone: string | undefined;
}

export const DEMO_HEADER = [
  "Teléfono",
  "Nombre",
  "País",
  "Idioma",
  "Ciudad",
  "Pedidos",
  "Consentimiento",
  "Fecha de consentimiento",
  "Versión del aviso",
  "Sistema de origen",
  "Hash de evidencia",
  "Declarante",
];

const FIRST = [
  "Lucía",
  "Martín",
  "Sofía",
  "Hugo",
  "Julia",
  "Mateo",
  "Paula",
  "Leo",
  "Alba",
  "Álvaro",
  "Inés",
  "Iker",
  "Noa",
  "Begoña",
];
const LAST = [
  "García",
  "Muñoz",
  "Pérez",
  "Íñiguez",
  "Gómez",
  "Núñez",
  "Vázquez",
  "Sáez",
  "Ibáñez",
  "Castaño",
  "Peña",
  "Otero",
];
const CITIES = ["Madrid", "Barcelona", "València", "Sevilla", "Bilbao", "A Coruña", "Málaga", "Zaragoza"];
const DAY_MS = 86_400_000;

const BROKEN_NUMBER = 0.011;
const NO_PROOF = 0.019;
const OPTED_OUT = 0.004;

/** `count` rows of a CSV as a shop would export it: about 3 % broken or without proof, on purpose. The same seed gives the same people. */
export function demoPeople(count: number, seed: number, today: Date): DemoPerson[] {
  return Array.from({ length: count }, (_, i) => person(i, seed, today));
}

function person(i: number, seed: number, today: Date): DemoPerson {
  const digest = createHash("sha256").update(`demo ${seed} ${i}`).digest();
  const draw = (at: number) => digest.readUInt16BE(at * 2) / 65_536;
  const pick = (list: readonly string[], at: number) => list[Math.floor(draw(at) * list.length)] ?? "";
  const number = `6${String(10_000_000 + ((i * 7_919 + seed * 104_729) % 89_999_999)).padStart(8, "0")}`;
  const isBroken = draw(0) < BROKEN_NUMBER;
  const hasProof = draw(1) >= NO_PROOF;
  const isOptedOut = draw(2) < OPTED_OUT;
  const consentAt = new Date(today.getTime() - (20 + Math.floor(draw(3) * 600)) * DAY_MS);
  return {
    phone: isBroken ? undefined : `+34${number}`,
    cells: [
      isBroken ? number.slice(0, 5) : written(number, draw(4)),
      `${pick(FIRST, 5)} ${pick(LAST, 6)}`,
      "ES",
      "es",
      pick(CITIES, 7),
      String(Math.floor(draw(8) ** 3 * 24)),
      isOptedOut ? "baja" : "sí",
      consentAt.toISOString(),
      hasProof ? "v1" : "",
      hasProof ? "Tienda web" : "",
      hasProof ? digest.toString("hex") : "",
      hasProof ? "Lucía Ortega" : "",
    ],
  };
}

/** People write the same number in different ways. */
function written(number: string, draw: number): string {
  if (draw < 0.3) return `+34 ${number.slice(0, 3)} ${number.slice(3, 6)} ${number.slice(6)}`;
  return draw < 0.6 ? number : `0034${number}`;
}

/** The file, in the dialect of a Spanish spreadsheet. */
export function demoCsv(people: readonly DemoPerson[]): string {
  const line = (cells: readonly string[]) =>
    cells.map((cell) => (/[;"\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(";");
  return `\uFEFF${[DEMO_HEADER, ...people.map((one) => one.cells)].map(line).join("\r\n")}\r\n`;
}
