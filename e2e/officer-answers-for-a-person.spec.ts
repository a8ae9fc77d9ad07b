import type { Page } from "@playwright/test";
import { expect, expectAccessible, signIn, test } from "./support/journey";

// ux.md 7, checks 18 and 20: what somebody's consent was on a day, and what they may ask of us.

test("an officer sees the consent of a past day, registers an opt-out, and a scheduled campaign reaches one person fewer", async ({
  page,
  world,
}) => {
  await world.haveMeasuredCampaign();
  const [, phone = ""] = await world.recipients();
  const campaign = await world.launch({ name: "Aviso de invierno", purposeId: null, inDays: 30 });
  await signIn(page, world, "compliance");
  await page.goto(`${campaign}/edit/review`);
  const before = await reachable(page);

  await find(page, phone);
  await page.getByLabel("Día", { exact: true }).fill("2020-01-01"); // years before they agreed
  await page.getByRole("button", { name: "Ver ese día" }).click();
  const states = page.locator(".section").filter({ has: page.getByRole("heading", { name: "Estado el día…" }) });
  await expect(states).toContainText("Estado el 1 ene 2020");
  await expect(states).not.toContainText("Vigente");
  await find(page, phone);
  await expect(states).toContainText("Vigente");
  await expectAccessible(page);

  await page.getByRole("button", { name: "Registrar baja" }).click();
  const dialog = page.getByRole("alertdialog").or(page.getByRole("dialog"));
  await expectAccessible(page);
  await dialog.getByLabel("Cómo lo pidió").fill("Por teléfono");
  await dialog.getByRole("button", { name: "Registrar la baja" }).click();
  await expect(states).toContainText("Retirado");
  await page.goto(`${campaign}/edit/review`);
  expect(await reachable(page)).toBe(before - 1);
});

test("requests are ordered by the days left; an erasure says what stays and why, takes two people and a typed word, and leaves nobody to find", async ({
  page,
  browser,
  world,
}) => {
  test.setTimeout(420_000);
  await world.haveMeasuredCampaign();
  const [, , late = "", soon = "", erased = ""] = await world.recipients();
  await signIn(page, world, "compliance");
  await open(page, { phone: soon, kind: "Portabilidad", daysAgo: 10 });
  await open(page, { phone: late, kind: "Acceso", daysAgo: 40 });
  await world.act(erased, { act: "write", text: "Quiero que borréis mis datos" });
  await open(page, { phone: erased, kind: "Supresión", daysAgo: 0 });
  const request = page.url();
  await page.goto("/compliance/requests");
  await expect(
    page
      .getByRole("row")
      .filter({ hasText: /Acceso.*Vencida hace/ })
      .first(),
  ).toBeVisible();
  const rows = await page.getByRole("table", { name: "Pendientes" }).getByRole("row").allTextContents();
  const place = (kind: RegExp) => rows.findIndex((row) => kind.test(row));
  expect(place(/Acceso.*Vencida/)).toBeLessThan(place(/Portabilidad.*Quedan/));
  expect(place(/Portabilidad.*Quedan/)).toBeLessThan(place(/Supresión.*Quedan/));
  await expectAccessible(page);

  await expect(async () => {
    await page.goto(request);
    await page.getByRole("button", { name: "Aceptar como prueba" }).first().click({ timeout: 2_000 });
  }).toPass({ timeout: 60_000 });
  await page.getByRole("alertdialog").getByRole("button", { name: "Aceptar como prueba" }).click();
  await expect(page.getByText("Por un mensaje desde su propio WhatsApp")).toBeVisible();
  await expect(page.getByText("Huellas cifradas de sus identificadores")).toBeVisible();
  await expect(page.getByText("Para no volver a escribirle aunque vuelva en un archivo (RGPD 21.3).")).toBeVisible();
  await expect(page.getByRole("button", { name: "Aprobar y borrar" }), "not whoever checked who asks").toHaveCount(0);
  await expectAccessible(page);

  const desk = await browser.newContext({ baseURL: world.consoleUrl, locale: "es-ES" });
  const second = await desk.newPage();
  await signIn(second, world, "colleague");
  await second.goto(request);
  await second.getByRole("button", { name: "Aprobar y borrar" }).click();
  const dialog = second.getByRole("alertdialog");
  const yes = dialog.getByRole("button", { name: "Aprobar y borrar" });
  await expect(yes, "not without the typed word").toBeDisabled();
  await expectAccessible(second);
  await dialog.getByRole("textbox").fill(request.slice(-6));
  await yes.click();
  await expect(second.getByText("Borrado", { exact: true })).toBeVisible();
  await desk.close();

  await expect(async () => {
    await page.goto(request);
    await expect(page.getByText(/^Cerrada$/).first()).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 60_000 });
  await find(page, erased);
  await expect(page.getByText("Nadie con ese dato.")).toBeVisible();
  await page.goto("/compliance/integrity");
  await page.getByRole("button", { name: "Verificar ahora" }).click();
  await expect(page.getByText("Íntegro hasta la entrada #")).toBeVisible({ timeout: 60_000 });
});

async function find(page: Page, identifier: string): Promise<void> {
  await page.goto("/compliance/people");
  await page.getByLabel("Teléfono, correo o identificador").fill(identifier);
  await page.getByRole("button", { name: "Buscar" }).click();
}

async function reachable(page: Page): Promise<number> {
  const value = page.getByText("Alcanzables", { exact: true }).locator("xpath=following-sibling::*").first();
  return Number(((await value.textContent()) ?? "").replaceAll(".", ""));
}

async function open(page: Page, { phone, kind, daysAgo }: { phone: string; kind: string; daysAgo: number }) {
  await page.goto("/compliance/requests");
  await page.getByLabel("Teléfono, correo o identificador").fill(phone);
  await page.getByLabel("Qué pide", { exact: true }).selectOption({ label: kind });
  const received = page.getByLabel("Cuándo lo pidió");
  const today = new Date(`${await received.inputValue()}T12:00:00Z`);
  await received.fill(new Date(today.getTime() - daysAgo * 86_400_000).toISOString().slice(0, 10));
  await page.getByRole("button", { name: "Abrir solicitud" }).click();
  await expect(page).toHaveURL(/\/compliance\/requests\/rgt_/);
}
