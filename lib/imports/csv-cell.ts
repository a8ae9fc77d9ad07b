// Spreadsheets run cells that begin like a formula (OWASP ASVS 5.0.0-1.2.10). A leading apostrophe stops them; the importer
// takes exactly that apostrophe away again, so that what we export comes back as it was.
const LIKE_A_FORMULA = /^'*[\s\uFEFF]*[=+\-@\t\r\n\0＝＋－＠]/u;

/** One field of a CSV file that people open in a spreadsheet: always quoted, quotes doubled, formulas disarmed. */
export function csvField(value: string): string {
  const safe = LIKE_A_FORMULA.test(value) ? `'${value}` : value;
  return `"${safe.replaceAll('"', '""')}"`;
}

/** One line of such a file, with its line end. */
export function csvLine(values: readonly string[]): string {
  return `${values.map(csvField).join(",")}\r\n`;
}

/** A cell as it was before somebody's export disarmed it: `'+34600000010` is `+34600000010`. */
export function plainCell(cell: string): string {
  return cell.startsWith("'") && LIKE_A_FORMULA.test(cell.slice(1)) ? cell.slice(1) : cell;
}
