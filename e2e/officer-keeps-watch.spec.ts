import { expect, expectAccessible, signIn, test } from "./support/journey";

// ux.md 7, check 17; what else an officer does in a day.

test("an officer finds a person by number, sees why they may be written to, and the proof, without the number leaving the form", async ({
  page,
  world,
}) => {
  const { phoneOfRecipient } = await world.haveMeasuredCampaign();
  await signIn(page, world, "compliance");
  const addresses: string[] = [];
  page.on("request", (request) => addresses.push(request.url()));
  await page.goto("/compliance/people");
  await page.getByLabel("Teléfono, correo o identificador").fill(phoneOfRecipient);
  await page.getByRole("button", { name: "Buscar" }).click();
  await expect(page.getByRole("heading", { name: "¿Se le puede escribir ahora?" })).toBeVisible();
  await expectAccessible(page);

  await page.getByRole("button", { name: "Mostrar" }).click();
  await page.getByRole("dialog").getByLabel("Motivo").fill("La persona llamó");
  await page.getByRole("dialog").getByRole("button", { name: "Mostrar" }).click();
  await expect(page.getByText(phoneOfRecipient)).toBeVisible();
  const digits = phoneOfRecipient.replace("+", "");
  expect(addresses.filter((address) => address.includes(digits))).toEqual([]);
  expect(page.url()).not.toContain(digits);
  expect(await page.title()).not.toContain(digits);

  await page.getByRole("link", { name: "ver la prueba" }).last().click();
  await expect(page.getByText("Sí, había consentimiento vigente cuando se envió.")).toBeVisible();

  await page.goto("/compliance/admin-log?family=reading");
  await expect(page.getByRole("row", { name: /Dato personal mostrado.*La persona llamó/ })).toBeVisible();
  await expectAccessible(page);
});

test("a sample is drawn with its seed, every record is judged, and the file is there to take away", async ({
  page,
  world,
}) => {
  await world.haveMeasuredCampaign();
  await signIn(page, world, "compliance");
  await page.goto("/compliance/sample");
  await page.getByLabel("Tamaño").fill("10");
  await page.getByRole("button", { name: "Sacar la muestra" }).click();
  await expect(page.getByText("Los 10 envíos de la muestra tienen un consentimiento demostrado.")).toBeVisible();
  await expectAccessible(page);
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Descargar (CSV)" }).click();
  expect((await download).suggestedFilename()).toMatch(/^sample-evt_.*\.csv$/);
});

test("an officer blocks a number nobody here has, and asks in vain to sign their own removal", async ({
  page,
  world,
}) => {
  const { phoneOfRecipient } = await world.haveMeasuredCampaign();
  await signIn(page, world, "compliance");
  await page.goto("/compliance/suppression");
  await page.getByLabel("Teléfono").fill(phoneOfRecipient);
  await page.locator("#block-reason").fill("Lo pidió por carta");
  await page.getByRole("button", { name: "Bloquear", exact: true }).click();
  await expect(page.getByText("Es de una persona nuestra: ya no se le escribe.")).toBeVisible();
  await page.getByRole("button", { name: "Pedir que se levante" }).first().click();
  await page.getByRole("dialog").getByLabel("Motivo").fill("Se retractó");
  await page.getByRole("dialog").getByRole("button", { name: "Pedirlo" }).click();
  await expect(page.getByText("Decide otra persona.")).toBeVisible();
  await expectAccessible(page);
});
