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
