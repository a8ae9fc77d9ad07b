import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
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
  const path = join(info.outputDir, "proof.zip");
  await (await download).saveAs(path);
  const verify = (file: string) => spawnSync("npm", ["run", "--silent", "verify", "--", file], { encoding: "utf8" });
  const verdict = verify(path);
  expect(verdict.stdout).toContain("Everything holds.");
  expect(verdict.status).toBe(0);

  const bytes = readFileSync(path);
  const at = bytes.indexOf('"type":"granted"'); // what the person did, in the middle of the entries
  expect(at).toBeGreaterThan(0);
  bytes[at + 8] = "d".charCodeAt(0);
  const changed = join(info.outputDir, "changed.zip");
  writeFileSync(changed, bytes);
  const found = verify(changed);
  expect(found.stdout).toContain("not what was committed to");
  expect(found.status).toBe(1);

  await page.goto("/audit"); // the same verifier in the browser; the bundle goes nowhere
  await expectAccessible(page);
  await page.getByLabel("Paquete").setInputFiles(path);
  await expect(page.getByText("Íntegro hasta #")).toBeVisible();
  await page.getByLabel("Paquete").setInputFiles(changed);
  await expect(page.getByText("No se verifica")).toBeVisible();
});

test("a compliance officer has the whole log recomputed and sees up to where it holds", async ({ page, world }) => {
  await world.haveMeasuredCampaign();
  await signIn(page, world, "compliance");
  await page.goto("/compliance/integrity");
  await expect(page.getByRole("heading", { name: "Recalcular el registro" })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Verificar ahora" }).click();
  await expect(page.getByText("Íntegro hasta la entrada #")).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole("table", { name: "Verificaciones" })).toContainText("Íntegro");
});
