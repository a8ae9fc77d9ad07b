import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { expect, expectAccessible, signIn, test } from "./support/journey";

// ux.md 7, check 21: a file as it comes, and somebody in it who opted out.

const FORMULA = '=HYPERLINK("https://malo.example","Premio")';

test("a file with odd headers, twins, formulas and somebody who opted out: the effect shown is the effect had, and the opt-out survives", async ({
  page,
  world,
}, info) => {
  await world.haveMeasuredCampaign();
  const left = (await world.recipients()).at(-1) ?? "";
  await world.act(left, { act: "write", text: "BAJA" });
  await expect.poll(() => world.standing(left), { timeout: 60_000 }).toBe("withdrawn");

  await signIn(page, world, "marketer");
  await page.goto("/audiences/imports/new");
  await page
    .getByLabel("Archivo CSV")
    .setInputFiles({ name: "caja.csv", mimeType: "text/csv", buffer: Buffer.from(fileWith(left), "utf8") });
  await page.getByRole("button", { name: "Subir y ver columnas" }).click();
  await expect(page).toHaveURL(/\/audiences\/imports\/imp_/);
  await expect(page.getByLabel("Qué será la columna Núm. móvil")).toHaveValue("phone"); // guessed
  await expect(page.getByLabel("Qué será la columna Nombre y apellidos")).toHaveValue("full_name");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Guardar y ver el efecto" }).click();
  await expect(page.getByRole("button", { name: /^Importar \d+ filas$/ })).toBeVisible();
  await expectAccessible(page);
  const shown = await countsOn(page);
  await page.getByRole("button", { name: /^Importar \d+ filas$/ }).click();
  const rejected = page.getByRole("link", { name: "Descargar filas rechazadas" });
  await expect(rejected).toBeVisible({ timeout: 60_000 });
  expect(await countsOn(page)).toEqual(shown);
  expect(shown.join(" ")).toContain("repetidas: 1; rechazadas: 1");
  await expectAccessible(page);

  const download = page.waitForEvent("download");
  await rejected.click();
  const path = join(info.outputDir, "rejected.csv");
  await (await download).saveAs(path);
  const text = readFileSync(path, "utf8");
  expect(text).toContain("61230");
  expect(text, "a spreadsheet reads it as text").not.toMatch(/(^|;|,)"?=HYPERLINK/m);
  expect(await world.standing(left), "an import revives nobody").toBe("withdrawn");
});

function fileWith(left: string): string {
  const proof = (letter: string) => letter.repeat(64);
  const row = (...cells: string[]) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(";");
  const yes = ["sí", "10/10/2026", "v1", "Caja"];
  return [
    row(
      "Núm. móvil",
      "Nombre y apellidos",
      "Población",
      "Consentimiento",
      "Fecha de consentimiento",
      "Versión del aviso",
      "Sistema de origen",
      "Hash de evidencia",
      "Declarante",
    ),
    row("612 300 001", "Ainhoa Lasa", "Irun", ...yes, proof("a"), "Lucía Ortega"),
    row("+34612300001", "Ainhoa Lasa", "Irun", ...yes, proof("a"), "Lucía Ortega"),
    row("612 300 002", FORMULA, "Toledo", ...yes, proof("b"), "Lucía Ortega"),
    row("61230", FORMULA, "Cuenca", ...yes, proof("c"), "Lucía Ortega"),
    row(left, "Quien se dio de baja", "Vigo", ...yes, proof("d"), "Lucía Ortega"),
  ].join("\r\n");
}

/** People and consents, as the page counts them: every line of its tables, and the sentence beside them. */
async function countsOn(page: Page): Promise<string[]> {
  const main = page.getByRole("main");
  const note = (await main.getByText(/Filas: \d/).textContent()) ?? "";
  return [note, ...(await main.locator(".tiles dd, tbody tr").allInnerTexts())];
}
