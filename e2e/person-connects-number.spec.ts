import type { Page } from "@playwright/test";
import { expect, expectAccessible, signIn, test } from "./support/journey";
import type { MetaApp } from "./support/world";

// From the values of an app at Meta to the first template on a phone (numbers → connect), and what comes in afterwards.
// Meta is a sandbox of its own here, with an account that the product has never heard of.

// Each takes up where the one before ended.
test.describe.configure({ mode: "serial", timeout: 90_000 });

const NAME = "bienvenida_socios";
const OWN_PHONE = "+34612345999";

test("a person connects a number from what Meta's app shows, and every wrong value is told apart before anything is kept", async ({
  page,
  world,
}) => {
  const app = await world.accountAtMeta();
  await signIn(page, world, "owner");
  await page.goto("/settings/numbers");
  await page.getByRole("link", { name: "Conectar un número" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Conectar un número" })).toBeVisible();
  await expectAccessible(page);

  const finding = async (changed: Partial<MetaApp>, text: string) => {
    await paste(page, { ...app, ...changed });
    await page.getByRole("button", { name: "Probar conexión" }).click();
    await expect(page.getByText(text)).toBeVisible();
  };
  await finding({ wabaId: "la de la tienda" }, "Faltan datos, o un identificador no es un número.");
  await finding(
    { token: "EAAcaducado" },
    "Meta no acepta el token: caducó, se retiró o está mal copiado. Genera otro; no se ha guardado nada.",
  );
  await finding({ phoneNumberId: "34600000000" }, "Con este token Meta no conoce ese número");
  await finding({ wabaId: app.phoneNumberId }, "Meta no conoce esa cuenta con este token.");
  await finding({ appSecret: "mal copiado" }, "Meta no reconoce ese secreto para esa app");
  await finding({ baseUrl: "https://graph.facebook.com" }, "No hemos enviado el token a ningún sitio.");
  await paste(page, app);
  await page.getByRole("button", { name: "Probar conexión" }).click();
  await expect(page.getByText("Meta acepta el token y conoce el número.")).toBeVisible();
  await expect(page.getByText("El secreto de la app es correcto: sus webhooks se aceptarán.")).toBeVisible();
  await expectAccessible(page);

  await page.getByRole("button", { name: "Conectar", exact: true }).click();
  await expect(page).toHaveURL(/connect\?number=num_/);
  await expect(page.getByText("Ninguno todavía. Escribe un mensaje de WhatsApp al número")).toBeVisible();
  await expect(page.getByText("No hay ninguna plantilla aprobada que se pueda probar sola.")).toBeVisible();
  await page.getByRole("button", { name: "Suscribir la app y apuntarla aquí" }).click();
  await expect(page.getByText("Suscrita: Meta comprobó nuestra dirección.")).toBeVisible();
});

test("a marketer writes a template within Meta's limits, cannot leave out the way out, and Meta approves it", async ({
  page,
  world,
}) => {
  await signIn(page, world, "marketer");
  await page.goto("/templates/new");
  await chooseNumber(page);
  await page.getByLabel("Nombre interno").fill("Bienvenida socios");
  await expect(page.getByLabel("Nombre interno")).toHaveValue(NAME);
  const body = page.getByLabel("Texto", { exact: true });
  await body.fill("a".repeat(1_025));
  await expect(page.getByText("1.025 de 1.024 caracteres")).toBeVisible();
  await expect(page.getByText("Pasa de 1.024 caracteres.")).toBeVisible();
  await body.fill("Hola {{1}}, gracias por hacerte socia de la tienda.");
  await page.getByLabel("{{1}} del texto").fill("Lucía");
  await expect(page.getByRole("complementary", { name: "Vista previa" })).toContainText("Hola Lucía, gracias");
  await expect(
    page.getByText("Falta la forma de darse de baja. La ley la exige en cada mensaje de marketing."),
  ).toBeVisible();
  await page.getByRole("button", { name: "Enviar a revisión de Meta" }).click();
  await expect(page.getByText("Falta algo. No se ha enviado a revisión.")).toBeVisible();
  await expectAccessible(page);

  await page.getByRole("button", { name: "Añadirla al pie" }).click();
  await expect(page.getByRole("complementary", { name: "Vista previa" })).toContainText(
    "Responde BAJA para no recibir más",
  );
  await page.getByRole("button", { name: "Enviar a revisión de Meta" }).click();
  await expect(page).toHaveURL(/\/templates\/tpl_/);
  await expect(async () => {
    await page.reload();
    await expect(page.getByText("Aprobada").first()).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await expect(page.getByRole("main")).toContainText("Se puede enviar en campañas.");
  await expectAccessible(page);
});

test("a template with an access code has Meta's text, and only what Meta leaves open is asked", async ({
  page,
  world,
}) => {
  await signIn(page, world, "marketer");
  await page.goto("/templates/new");
  await chooseNumber(page);
  await page.getByLabel("Nombre interno").fill("codigo_de_acceso");
  await page.getByRole("radio", { name: /^Autenticación/ }).check();
  await expect(page.getByLabel("Texto", { exact: true })).toBeHidden();
  const preview = page.getByRole("complementary", { name: "Vista previa" });
  await expect(preview).toContainText("Este código caduca en 10 minutos.");
  await page.getByLabel("Minutos que vale el código").fill("5");
  await expect(preview).toContainText("Este código caduca en 5 minutos.");
  await page.getByRole("radio", { name: /^Botón que lo rellena en la app/ }).check();
  await page.getByRole("button", { name: "Enviar a revisión de Meta" }).click();
  await expect(
    page.getByText("Para rellenar el código solo hace falta decir en qué app de Android.").first(),
  ).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("radio", { name: /^Botón para copiarlo/ }).check();
  await page.getByRole("button", { name: "Enviar a revisión de Meta" }).click();
  await expect(page).toHaveURL(/\/templates\/tpl_/);
  await expect(page.getByRole("main")).toContainText("código de verificación");
});

test("the first real template reaches their own phone, and what the phone answers is heard", async ({
  page,
  world,
}) => {
  await signIn(page, world, "owner");
  await page.goto("/settings/numbers");
  await page.getByRole("link", { name: /555-010-0177/ }).click();
  await page.getByRole("link", { name: "Guía de conexión" }).click();
  await page.getByLabel("Plantilla aprobada").selectOption({ label: `${NAME} (español)` });
  await page.getByLabel("Tu número de teléfono").fill("12");
  await page.getByRole("button", { name: "Enviar prueba" }).click();
  await expect(page.getByText("Ese número no es válido.")).toBeVisible();
  await page.getByLabel("Tu número de teléfono").fill(OWN_PHONE);
  await page.getByRole("button", { name: "Enviar prueba" }).click();
  await expect(page.getByText("Meta aceptó el mensaje.")).toBeVisible();
  await world.write(OWN_PHONE, "Me llegó, gracias");
  await expect(async () => {
    await page.getByRole("button", { name: "Actualizar" }).click();
    await expect(page.getByText(/está conectado y recibe webhooks/)).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await expect(page.getByText("Ninguno todavía.")).toBeHidden();
  await expectAccessible(page);
});

test("a picture that somebody sends is there to be seen beside their words", async ({ page, world }) => {
  await signIn(page, world, "marketer");
  await world.sendPicture(OWN_PHONE, "¿Tenéis este abrigo?");
  await expect(async () => {
    await page.goto("/replies");
    await page.getByRole("link", { name: "¿Tenéis este abrigo?" }).click({ timeout: 1_000 });
  }).toPass();
  await expect(page).toHaveURL(/\/replies\/con_/);
  const file = page.getByRole("link", { name: "Abrir el archivo" });
  await expect(async () => {
    await page.reload();
    await expect(file).toBeVisible({ timeout: 1_000 });
  }).toPass();
  const answer = await page.request.get((await file.getAttribute("href")) ?? "");
  expect([answer.status(), answer.headers()["content-type"]]).toEqual([200, "image/png"]);
  await expectAccessible(page);
});

test("what could not be applied is put aside with its reason, and applied when somebody asks for it again", async ({
  page,
  world,
}) => {
  await signIn(page, world, "owner");
  await world.failInbound(true);
  await world.write(OWN_PHONE, "¿Hasta cuándo dura la oferta?");
  const quarantined = page.getByRole("table", { name: "Cuarentena" }).getByRole("row", { name: /Mensaje recibido/ });
  await expect(async () => {
    await page.goto("/settings/webhooks");
    await expect(quarantined).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await expect(quarantined).toContainText("broken");
  await expectAccessible(page);
  await world.failInbound(false);
  await quarantined.getByRole("button", { name: "Repetir" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Repetir" }).click();
  await expect(page.getByText("Pedido: se aplica en unos segundos.")).toBeVisible();
  await expect(async () => {
    await page.goto("/settings/webhooks");
    await expect(page.getByText("No hay nada en cuarentena.")).toBeVisible({ timeout: 1_000 });
  }).toPass();
});

async function chooseNumber(page: Page): Promise<void> {
  const number = page.getByLabel("Número", { exact: true });
  await number.selectOption({ label: (await number.getByRole("option", { name: "0177" }).textContent()) ?? "" });
}

/** What the form says already stays, so every value is written anew. */
async function paste(page: Page, app: MetaApp): Promise<void> {
  await page.getByLabel("Identificador de la cuenta de WhatsApp (WABA)").fill(app.wabaId);
  await page.getByLabel("Identificador del número").fill(app.phoneNumberId);
  await page.getByLabel("Identificador de la app").fill(app.appId);
  await page.getByLabel("Token del usuario del sistema").fill(app.token);
  await page.getByLabel("Secreto de la app").fill(app.appSecret);
  const address = page.getByLabel("Dirección de la API");
  if (!(await address.isVisible())) await page.getByText("Dirección y versión de la API").click();
  await address.fill(app.baseUrl);
}
