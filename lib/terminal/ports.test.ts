import { expect, test } from "vitest";
import { freePort, requireFreePorts } from "./ports";

test("two settings that name the same port are refused by name", async () => {
  const port = await freePort();
  await expect(requireFreePorts({ INGRESS_PORT: port, CONSOLE_PORT: port })).rejects.toThrow(
    `INGRESS_PORT and CONSOLE_PORT are both ${port}`,
  );
});

test("any free port may be asked for more than once", async () => {
  await expect(requireFreePorts({ INGRESS_PORT: 0, CONSOLE_PORT: 0 })).resolves.toBeUndefined();
});
