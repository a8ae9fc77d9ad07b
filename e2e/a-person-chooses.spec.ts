import type { Browser, Page } from "@playwright/test";
import { expect, expectAccessible, signIn, test } from "./support/journey";
import type { JourneyWorld } from "./support/world";

// No sign-in, no script: what somebody has who scanned a code in a shop, and what the officer can show of it afterwards.

const STAYS = "+34611200001";
const LEAVES = "+34611200002";
const TEXT = "Acepto que me escribáis por WhatsApp con las novedades de la tienda. Puedo dejarlo cuando quiera.";

test("a person agrees from a poster, confirms over WhatsApp, stops with one click, and the next campaign passes them by", async ({
  page,
  browser,
  world,
}) => {
  await world.meet([STAYS, LEAVES]);
  const { purposeId } = await world.haveForm("cartel");
  await signIn(page, world, "marketer");
  await page.goto("/audiences/forms/cartel");
  await expectAccessible(page);
  const address = await page.getByRole("link", { name: /\/forms\/cartel$/ }).getAttribute("href");
  for (const phone of [STAYS, LEAVES]) {
    await agree(browser, address ?? "", phone);
    await confirm(world, phone);
  }
  // Planned for both; nobody gets two messages in a day, so it waits for tomorrow. Meanwhile one of them stops.
  await world.launch({ name: "Novedades de diciembre", purposeId, inDays: null });
  await stopFrom(browser, await world.preferencesOf(LEAVES));
  await world.letHoursPass(26);
  await expect.poll(() => campaignMessages(world, STAYS), { timeout: 120_000 }).toBe(1);
  expect(await campaignMessages(world, LEAVES), "the gate lets nothing out to whoever stopped").toBe(0);

  const desk = await browser.newContext({ baseURL: world.consoleUrl, locale: "es-ES" });
  const officer = await desk.newPage();
  await officerSeesBoth(officer, world);
  await desk.close();
});

async function withoutScript(browser: Browser): Promise<Page> {
  return (await browser.newContext({ javaScriptEnabled: false, locale: "es-ES" })).newPage();
}

async function agree(browser: Browser, address: string, phone: string): Promise<void> {
  const page = await withoutScript(browser);
  await page.goto(address);
  await expect(page.locator("html")).toHaveAttribute("lang", "es");
  const box = page.getByRole("checkbox", { name: TEXT }); // word for word what will be kept
  await expect(box).not.toBeChecked();
  await page.getByLabel("Tu número de WhatsApp").fill(phone);
  await page.getByRole("button", { name: "Aceptar" }).click();
  await expect(page.getByText("Marca la casilla si estás de acuerdo.").first()).toBeVisible();
  await expect(box, "never ticked for them").not.toBeChecked();
  await box.check();
  await page.getByRole("button", { name: "Aceptar" }).click();
  await expect(page.getByRole("heading", { name: "Falta un paso" })).toBeVisible();
  expect(page.url()).not.toContain(phone.slice(1));
  await page.context().close();
}

/** The question comes over WhatsApp; a tap on its first answer is the second yes. */
async function confirm(world: JourneyWorld, phone: string): Promise<void> {
  await world.act(phone, { act: "take" });
  const question = async () => (await world.phone(phone)).find(({ template }) => template === "confirmar_novedades");
  await expect.poll(question, { timeout: 120_000 }).toBeDefined();
  const wamid = (await question())?.wamid ?? "";
  await world.act(phone, { act: "tap", wamid, text: "Sí, confirmo" });
  await expect.poll(() => world.standing(phone), { timeout: 60_000 }).toBe("granted");
}

async function campaignMessages(world: JourneyWorld, phone: string): Promise<number> {
  return (await world.phone(phone)).filter(({ template }) => template?.startsWith("rebajas_otono")).length;
}

async function stopFrom(browser: Browser, link: string): Promise<void> {
  const page = await withoutScript(browser);
  await page.goto(link);
  await expect(page.getByText(`Número: +34 ••• ••• ${LEAVES.slice(-3)}`)).toBeVisible();
  await page.getByRole("button", { name: "No quiero recibir nada más" }).click(); // the one click
  await expect(page.getByText(/no te enviará nada más/)).toBeVisible();
  expect(page.url()).not.toContain(LEAVES.slice(1));
  const receipt = await page
    .getByRole("link", { name: /^Descargar el justificante/ })
    .first()
    .getAttribute("href");
  const taken = await page.request.get(new URL(receipt ?? "", page.url()).href);
  expect(await taken.json()).toMatchObject({ event: { eventState: "dpv:ConsentWithdrawn", evidence: null } });
  await page.context().close();
}

async function officerSeesBoth(page: Page, world: JourneyWorld): Promise<void> {
  await signIn(page, world, "compliance");
  await page.goto("/compliance/people");
  await page.getByLabel("Teléfono, correo o identificador").fill(LEAVES);
  await page.getByRole("button", { name: "Buscar" }).click();
  await expect(page.getByText("No tiene ningún consentimiento vigente.")).toBeVisible();
  const events = page.getByRole("region", { name: "Línea de tiempo" }).or(page.locator(".timeline"));
  await expect(events.filter({ hasText: "Baja" }).first()).toBeVisible();
  await expect(page.getByRole("listitem").filter({ hasText: "Novedades de diciembre" })).toContainText(/no enviado/);
  await expect(page.getByRole("main")).toContainText("Consentimiento confirmado");
  await expect(page.getByRole("main")).toContainText("formulario web · texto 2026-11");
  await expectAccessible(page);

  const asked = page.getByRole("listitem").filter({ hasText: "formulario web · texto 2026-11" });
  const download = page.waitForEvent("download");
  await asked.getByRole("link", { name: "recibo" }).click();
  const receipt = await (await download).createReadStream();
  const chunks: Buffer[] = [];
  for await (const chunk of receipt) chunks.push(Buffer.from(chunk));
  expect(Buffer.concat(chunks).toString("utf8"), "the receipt holds the text as it was shown").toContain(TEXT);
}
