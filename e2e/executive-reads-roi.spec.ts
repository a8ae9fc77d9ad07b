import { expect, expectAccessible, signIn, test } from "./support/journey";

test.use({ viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true });

test("an executive reads at 360 px what the campaign brought, with its interval", async ({ page, world }) => {
  await world.haveMeasuredCampaign();
  await signIn(page, world, "executive");
  await page.goto("/roi");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.getByRole("main")).toContainText("Rebajas de otoño");
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow, "nothing sticks out to the right").toBeLessThanOrEqual(0);
  await expectAccessible(page);
});
