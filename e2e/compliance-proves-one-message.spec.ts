import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { readArchive } from "../lib/ledger/archive";
import { expect, expectAccessible, signIn, test } from "./support/journey";

test("a compliance officer opens the proof of one message and takes it away", async ({ page, world }, info) => {
  const { phoneOfRecipient } = await world.haveMeasuredCampaign();
  await signIn(page, world, "compliance");
  await page.goto("/compliance");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.getByRole("main")).toContainText("Sin consentimiento: 0.");
  await expectAccessible(page);

  const clicks = await countClicks(page);
  await page.getByRole("link", { name: "Personas y registro" }).click();
  await page.getByLabel("Teléfono, correo o identificador").fill(phoneOfRecipient);
  await page.getByRole("button", { name: "Buscar" }).click();
  // The campaign's message came first; somebody may have answered this person since.
  await page.getByRole("link", { name: "ver la prueba" }).last().click();
  await expect(page.getByText("Sí, había consentimiento vigente cuando se envió.")).toBeVisible();
  expect(await clicks(), "from the first page to the proof").toBeLessThanOrEqual(3);
  // When they agreed, how, and to which text.
  const answer = page.getByText(
    /Había consentimiento de Marketing desde el \d{1,2} \S+ 20\d\d, .*texto v1, no retirado\./,
  );
  await expect(answer).toContainText("otorgado por importación");
  await expectAccessible(page);

  await page.getByRole("button", { name: "Paquete verificable" }).click();
  await page.getByLabel("Motivo").fill("Petición de la persona interesada");
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Descargar la prueba" }).click();
  const path = join(info.outputDir, "proof.zip");
  await (await download).saveAs(path);
  const verdict = verifiedAlone(path, path);
  expect(verdict.stdout).toContain("Everything holds.");
  expect(verdict.status).toBe(0);

  const bytes = readFileSync(path);
  const at = bytes.indexOf('"type":"granted"'); // what the person did, in the middle of the entries
  expect(at).toBeGreaterThan(0);
  bytes[at + 8] = "d".charCodeAt(0);
  const changed = join(info.outputDir, "changed.zip");
  writeFileSync(changed, bytes);
  const found = verifiedAlone(path, changed);
  expect(found.stdout).toMatch(/entry #?\d+.*not what was committed to/);
  expect(found.status).toBe(1);

  await page.goto("/audit"); // the same verifier in the browser; the bundle goes nowhere
  await expectAccessible(page);
  await page.getByLabel("Paquete").setInputFiles(path);
  await expect(page.getByText("Íntegro hasta #")).toBeVisible();
  await page.getByLabel("Paquete").setInputFiles(changed);
  await expect(page.getByText("No se verifica")).toBeVisible();
  await expect(page.getByRole("listitem").filter({ hasText: /entry #?\d+.*not what was committed to/ })).toBeVisible();
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

/** Counts what a person presses from now on, on whatever page. */
async function countClicks(page: Page): Promise<() => Promise<number>> {
  let count = 0;
  await page.exposeFunction("noteClick", () => {
    count += 1;
  });
  const listen = () =>
    addEventListener("click", (event) => event.isTrusted && Reflect.get(window, "noteClick")(), true);
  await page.addInitScript(listen);
  await page.evaluate(listen);
  return async () => count;
}

/** Judged by the one file that came in `archive`, in an empty folder, with Node and nothing else. */
function verifiedAlone(archive: string, file: string) {
  const folder = mkdtempSync(join(tmpdir(), "auditor-"));
  try {
    const verifier = readArchive(readFileSync(archive))?.files.find((one) => one.path === "verify.mjs");
    writeFileSync(join(folder, "verify.mjs"), verifier?.bytes ?? "");
    return spawnSync(process.execPath, ["verify.mjs", file], {
      cwd: folder,
      encoding: "utf8",
      env: { NODE_ENV: "production" },
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
