import { defineConfig } from "vitest/config";

// A package of its own: the product's rooms are only read from here, by the alias that they use among themselves.
export default defineConfig({
  root: import.meta.dirname,
  resolve: { alias: { "@": new URL("../..", import.meta.url).pathname.replace(/\/$/, "") } },
  test: {
    include: ["*.test.ts"],
    fileParallelism: false, // Every file has a sandbox of its own; the machine may have two cores.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
