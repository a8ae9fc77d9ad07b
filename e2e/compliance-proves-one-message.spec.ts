import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, expectAccessible, signIn, test } from "./support/journey";

test("a compliance officer opens the proof of one message and takes it away", async ({ page, world }, info) => {
  const { phoneOfRecipient } = await world.haveMeasuredCampaign();
  await signIn(page, world, "compliance");
  await page.goto("/compliance");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.getByRole("main")).toContainText("Sin consentimiento: 0.");
  await expectAccessible(page);

  await page.goto("/compliance/people");
  await page.getByLabel("Teléfono, correo o identificador").fill(phoneOfRecipient);
  await page.getByRole("button", { name: "Buscar" }).click();
  await page.getByRole("link", { name: "ver la prueba" }).first().click();
  await expect(page.getByText("Sí, había consentimiento vigente cuando se envió.")).toBeVisible();
  await expectAccessible(page);

  await page.getByRole("button", { name: "Paquete verificable" }).click();
  await page.getByLabel("Motivo").fill("Petición de la persona interesada");
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Descargar la prueba" }).click();
  const path = join(info.outputDir, "proof.json");
  await (await download).saveAs(path);
  const verdict = spawnSync("npm", ["run", "--silent", "verify", "--", path], { encoding: "utf8" });
  expect(verdict.stdout).toContain("Everything holds.");
});
