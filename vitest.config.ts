import { defineConfig } from "vitest/config";

const root = new URL(".", import.meta.url).pathname;
const isLong = process.env.LONG !== undefined;

export default defineConfig({
  resolve: { alias: { "@": root.replace(/\/$/, "") } },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["{app,lib,db}/**/*.test.{ts,tsx}"],
          exclude: ["**/*.db.test.ts", "node_modules"],
          testTimeout: isLong ? 300_000 : 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: "database",
          include: ["{app,lib,db}/**/*.db.test.ts"],
          globalSetup: ["db/testing/global-setup.ts"],
          testTimeout: isLong ? 300_000 : 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
