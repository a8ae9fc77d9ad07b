import { totpCode, totpStep } from "../lib/identity/totp";
import { expect, expectAccessible, signIn, test } from "./support/journey";

test("a person signs in with the keyboard and finds the product in Spanish", async ({ page, world }) => {
  await page.goto("/sign-in");
  await expect(page.getByRole("heading", { name: "Entra en Contraste" })).toBeVisible();
  await expectAccessible(page);
  await signIn(page, world, "marketer");
  await expect(page.getByRole("navigation").first()).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("lang", "es");
  await expectAccessible(page);
});

test("a wrong password is refused without saying which part was wrong", async ({ page, world }) => {
  await page.goto("/sign-in");
  await page.getByLabel("Correo electrónico").fill(world.person("executive").email);
  await page.getByLabel("Contraseña").fill("no es esta, desde luego");
  await page.getByRole("button", { name: "Entrar" }).click();
  await expect(page.getByText("El correo o la contraseña no son correctos.")).toBeVisible();
  await expectAccessible(page);
});

test("a person sets up an authenticator app; from then on the password alone opens nothing", async ({
  page,
  world,
}) => {
  await signIn(page, world, "executive");
  await page.getByRole("button", { name: /menú de usuario/ }).click();
  await page.getByRole("menuitem", { name: "Seguridad" }).click();
  await page.getByRole("button", { name: "Configurar la aplicación" }).click();
  await expect(page.getByRole("img", { name: /Código QR/ })).toBeVisible();
  await expectAccessible(page);
  const secret = fromBase32((await page.locator("code").first().textContent()) ?? "");
  await page.getByLabel("Código que muestra la aplicación").fill(totpCode({ secret, step: totpStep(new Date()) }));
  await page.getByRole("button", { name: "Activar" }).click();
  await expect(page.getByRole("heading", { name: "Guarda estos códigos de recuperación." })).toBeVisible();
  const recoveryCode = (await page.getByRole("status").locator("code").first().textContent()) ?? "";
  await page.getByRole("button", { name: /menú de usuario/ }).click();
  await page.getByRole("menuitem", { name: "Cerrar sesión" }).click();

  const { email, password } = world.person("executive");
  await page.getByLabel("Correo electrónico").fill(email);
  await page.getByLabel("Contraseña").fill(password);
  await page.getByRole("button", { name: "Entrar" }).click();
  await expect(page.getByRole("heading", { name: "Escribe el código de tu aplicación." })).toBeVisible();
  await page.goto("/roi");
  await expect(page).toHaveURL(/sign-in\/code/);
  await expectAccessible(page);
  await page.getByLabel("Código").fill(recoveryCode);
  await page.getByRole("button", { name: "Entrar", exact: true }).click();
  await expect(page).toHaveURL(/\/roi$/);

  await page.getByRole("button", { name: /menú de usuario/ }).click();
  await page.getByRole("menuitem", { name: "Seguridad" }).click();
  await expect(page.getByText("Quedan 9 sin usar.")).toBeVisible();
  await page.getByRole("button", { name: "Quitar la aplicación" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Quitar la aplicación" }).click();
  await expect(page.getByText("Entras solo con contraseña.")).toBeVisible();
});

/** A key as an app reads it when it is typed in. */
function fromBase32(text: string): Buffer {
  const bits = [...text.replaceAll(" ", "")].map((letter) =>
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0"),
  );
  return Buffer.from((bits.join("").match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}
