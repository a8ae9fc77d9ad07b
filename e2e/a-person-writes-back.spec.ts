import { expect, expectAccessible, signIn, test } from "./support/journey";

test("a person writes back, and a marketer reads it, answers inside the 24 hours and has it handled", async ({
  page,
  world,
}) => {
  await world.haveMeasuredCampaign();
  const [phone = ""] = await world.recipients();
  const question = "¿Lo tenéis también en azul marino?";
  await world.act(phone, { act: "take" });
  await world.act(phone, { act: "write", text: question });

  await signIn(page, world, "marketer");
  const row = page.getByRole("row", { name: question });
  await expect(async () => {
    await page.goto("/replies");
    await expect(row).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 60_000 });
  await expect(row).toContainText("Pregunta");
  await expect(row).toContainText("Sin leer");
  await expect(row).not.toContainText(phone.slice(-6));
  await expect(page.getByRole("link", { name: /^Respuestas, .* pendientes?$/ })).toBeVisible();
  await expectAccessible(page);

  await row.getByRole("link", { name: question }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByText("Puedes contestarle hasta")).toBeVisible();
  expect(page.url()).not.toContain(phone.slice(-6));
  await expectAccessible(page);

  const answer = "Sí, en la tienda de la calle Olmo.";
  await page.getByLabel("Tu respuesta").fill(answer);
  await page.getByRole("button", { name: "Responder y dar por atendida" }).click();
  await expect(page.getByText("La respuesta está en cola")).toBeVisible();
  await expect(async () => {
    const received = await world.phone(phone);
    expect(JSON.stringify(received.at(-1))).toContain(answer);
  }).toPass({ timeout: 60_000 });

  await page.getByRole("button", { name: "Enviarle su enlace de preferencias" }).click();
  await expect(page.getByText("El enlace está en cola")).toBeVisible();
  await expect(async () => {
    const received = await world.phone(phone);
    expect(JSON.stringify(received.at(-1))).toMatch(/\/preferences\/[\w-]{70}/);
  }).toPass({ timeout: 60_000 });
  await page.reload();
  await expect(page.getByText("/preferences/•••")).toBeVisible();
  expect(await page.content()).not.toMatch(/preferences\/[\w-]{70}/);

  await page.goto("/replies");
  await expect(page.getByRole("heading", { name: "Lo que han escrito" })).toBeVisible();
  await expect(row).toHaveCount(0);
  await page.goto("/replies?state=handled");
  await expect(row).toContainText("Atendida");
});

test("an officer sees how replies are sorted, and which questions and purposes there are", async ({ page, world }) => {
  await world.haveForm("novedades");
  await signIn(page, world, "compliance");
  await page.goto("/replies/rules");
  await expect(page.getByText("Se clasifica con las reglas de fábrica.")).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel("Queja si dice").fill("qué vergüenza");
  await page.getByRole("button", { name: "Guardar y clasificar otra vez" }).click();
  await expect(page.getByText("Se clasifica con vuestras reglas, versión 2.")).toBeVisible();

  await page.goto("/compliance/purposes");
  await expect(page.getByText("Dos botones", { exact: true })).toBeVisible();
  await expectAccessible(page);

  await page.goto("/compliance/rules#stop");
  await page.getByLabel("Bajas que la paran").fill("0");
  await page.getByLabel("Por qué la cambias").fill("Prueba");
  await page.getByRole("button", { name: "Cambiar la parada" }).click();
  await expect(page.getByText("Escribe un porcentaje entre 0,1 y 50.")).toBeVisible();
  await page.getByLabel("Bajas que la paran").fill("3,5");
  await page.getByRole("button", { name: "Cambiar la parada" }).click();
  await expect(page.getByText("se da de baja el 3,5")).toBeVisible();
  await expectAccessible(page);
});
