import { defineConfig } from "@playwright/test";
import { findBrowser } from "./lib/terminal/testing/browser";

// One product, one browser, one journey after the other: they share the machine with five processes and two databases.
export default defineConfig({
  testDir: "e2e",
  testMatch: "*.spec.ts",
  workers: 1,
  retries: 1, // A busy machine is no fault of the product; both tries are listed.
  timeout: 300_000,
  expect: { timeout: 30_000 },
  outputDir: "test-results",
  use: {
    browserName: "chromium",
    launchOptions: {
      executablePath: findBrowser(),
      args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
    },
    locale: "es-ES",
    timezoneId: "Europe/Madrid",
    viewport: { width: 1440, height: 900 },
    actionTimeout: 30_000,
    navigationTimeout: 60_000,
    screenshot: "only-on-failure",
  },
});
