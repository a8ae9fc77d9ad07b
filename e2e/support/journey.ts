import { AxeBuilder } from "@axe-core/playwright";
import { test as base, expect, type Page } from "@playwright/test";
import { type JourneyWorld, type Role, startJourneyWorld } from "./world";

export { expect };

/** A test with a product of its own: one per file, started before its first journey and stopped after its last. */
export const test = base.extend<{ baseURL: string }, { world: JourneyWorld }>({
  world: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the needed fixtures from this pattern
    async ({}, use) => {
      const world = await startJourneyWorld();
      await use(world);
      await world.stop();
    },
    { scope: "worker", timeout: 700_000 },
  ],
  baseURL: async ({ world }, use) => use(world.consoleUrl),
});

/** Signs in with the keyboard alone, as people do who never leave it. */
export async function signIn(page: Page, world: JourneyWorld, role: Role): Promise<void> {
  const { email, password } = world.person(role);
  await page.goto("/sign-in");
  await page.getByLabel("Correo electrónico").focus();
  await page.keyboard.type(email);
  await page.keyboard.press("Tab");
  await page.keyboard.type(password);
  await page.keyboard.press("Enter");
  await expect(page).not.toHaveURL(/sign-in/);
}

/** No rule of WCAG 2.2 A and AA that axe can judge is broken on what the page shows now. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"])
    .analyze();
  const found = violations.map(
    ({ id, help, nodes }) => `${id}: ${help} (${nodes.map(({ target }) => target).join("; ")})`,
  );
  expect(found, `axe on ${page.url()}`).toEqual([]);
}
