import { join } from "node:path";
import type { Page } from "@playwright/test";
import { expect, expectAccessible, signIn, test } from "./support/journey";

const NAME = "Vuelta a la tienda";
const WINDOW_HOURS = 72;
/** Any answer that the data can give; which one is chance, with so few people. */
const VERDICT = /El test acabó sin aclararlo|consigue (más|menos) compras|mejora a A|difieren|empeora|sube las compras/;

test("a marketer imports people, gets approval from somebody else, launches, watches, and reads the verdict", async ({
  page,
  browser,
  world,
}) => {
  test.setTimeout(600_000);
  await world.meet(Array.from({ length: 24 }, (_, i) => `+34612345${String(i + 1).padStart(3, "0")}`));
  await signIn(page, world, "marketer");
  await importPeople(page);
  await build(page);
  const address = page.url();

  const desk = await browser.newContext({ baseURL: world.consoleUrl, locale: "es-ES" });
  const other = await desk.newPage();
  await signIn(other, world, "approver");
  await other.goto(address);
  await expectAccessible(other);
  await other.getByRole("button", { name: "Aprobar" }).click();
  await other.getByRole("button", { name: "Aprobar la campaña" }).click();
  await expect(other.getByText("Aprobada, lista para lanzar")).toBeVisible();
  await desk.close();

  await page.reload();
  await page.getByRole("button", { name: "Lanzar…" }).click();
  await page.getByRole("button", { name: /^Enviar a \d+ personas$/ }).click();
  await expect(page).toHaveURL(/\/live$/);
  await expectAccessible(page);
  // Sixty seconds to take it back, then the few of them are written to at once.
  await expect(page.getByText("Todo ha salido. Ahora se mide.").last()).toBeVisible({ timeout: 180_000 });

  await world.letHoursPass(WINDOW_HOURS - 1); // all is told before the window closes
  await world.letHoursPass(2);
  await expect(async () => {
    await page.goto(address.replace(/\/edit\/.*$/, "/results"));
    await expect(page.getByRole("main")).toContainText(/4 de 4/, { timeout: 2_000 });
  }).toPass({ timeout: 120_000 });
  await expect(page.getByRole("heading", { level: 1 })).toContainText(NAME);
  await expect(page.getByRole("main")).toContainText(VERDICT);
  await expectAccessible(page);
});

async function importPeople(page: Page): Promise<void> {
  await page.goto("/audiences/imports/new");
  await expectAccessible(page);
  await page.getByLabel("Archivo CSV").setInputFiles(join("e2e", "fixtures", "clientes.csv"));
  await page.getByRole("button", { name: "Subir y ver columnas" }).click();
  await expect(page).toHaveURL(/\/audiences\/imports\/imp_/);
  await expectAccessible(page);
  await page.getByRole("button", { name: "Guardar y ver el efecto" }).click();
  await expect(page.getByText("61234", { exact: true })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Importar 24 filas" }).click();
  await expect(page.getByRole("link", { name: "Descargar filas rechazadas" })).toBeVisible();
  await expect(page.getByRole("main")).toContainText("Con consentimiento");
}

async function build(page: Page): Promise<void> {
  await page.goto("/campaigns/new");
  await page.getByLabel("Nombre").fill(NAME);
  await page.getByRole("button", { name: "Crear y seguir" }).click();

  await page.getByLabel("Creemos que…").fill("decir que el descuento está reservado");
  await page.getByLabel("hará que…").fill("compre más gente");
  await page.getByLabel("porque…").fill("lo que ya es de uno no se deja pasar");
  await page.getByRole("radio", { name: /^Compra/ }).check();
  await page.getByLabel("Plazo, en días").fill("3");
  await page.getByLabel("Efecto mínimo que importa").fill("10");
  await page.getByLabel("Lo habitual").fill("20");
  await expectAccessible(page);
  await goOn(page);

  await page.getByRole("button", { name: "Crear un segmento con una regla" }).click();
  await page.getByLabel("Personas").selectOption({ label: "Todo el mundo" });
  await page.getByLabel("Nombre del segmento").fill("Todo el mundo");
  await page.getByRole("button", { name: "Guardar y elegir" }).click();
  await page.getByLabel("Finalidad").selectOption({ index: 1 });
  await page.getByLabel("Parte sin mensaje").fill("10");
  await expect(page.getByText(/Sin consentimiento vigente/)).toBeVisible();
  await expectAccessible(page);
  await goOn(page);

  for (const variant of ["A", "B"]) {
    const part = page.getByRole("region", { name: new RegExp(`^${variant}\\b`) });
    await part.getByLabel("Plantilla").selectOption({ label: `rebajas_otono_${variant.toLowerCase()} · es` });
    await part.getByLabel("{{1}} del cuerpo", { exact: true }).selectOption({ label: "Nombre de la persona" });
    await part.getByLabel("Si falta {{1}}").fill("cliente");
    await part.getByLabel("Página del botón").fill("https://tienda.example/vuelta");
  }
  await expectAccessible(page);
  await goOn(page);

  await expectAccessible(page);
  await goOn(page);
  await expectAccessible(page);
  await page.getByRole("button", { name: "Solicitar aprobación" }).click();
  await expect(page.getByText("Espera aprobación").first()).toBeVisible();
}

/** What was typed is kept by itself; the next step is a step away. */
async function goOn(page: Page): Promise<void> {
  const before = page.url();
  await page
    .getByRole("main")
    .getByText(/^Continuar/)
    .click();
  await expect(page).not.toHaveURL(before);
}
