import { describe, expect, test } from "vitest";
import { maskFound, maskSample } from "./sample-values";

describe("samples of a file", () => {
  test("numbers, addresses and names are recognisable as such and name nobody", () => {
    expect(maskSample("+34 600 000 101", "phone")).toBe("+34 6•• ••• 101");
    expect(maskSample("maria@example.test", "email")).toBe("m•••@e•••");
    expect(maskSample("María José Peña", "full_name")).toBe("M••• J••• P•••");
    expect(maskSample("600000101", "ignore")).toBe("600•••101");
    expect(maskSample("Ana Corta", "ignore")).toBe("A••• C•••");
    expect(maskSample("34600000101", "attribute")).toBe("346•••••101");
  });

  test("what names nobody is shown as it stands", () => {
    expect(maskSample("04/03/2026 10:30", "consent_at")).toBe("04/03/2026 10:30");
    expect(maskSample("España", "country")).toBe("España");
    expect(maskSample("1.010,00", "attribute")).toBe("1.010,00");
  });

  test("a rejected cell shows what is wrong with it", () => {
    expect(maskFound("60000")).toBe("60000");
    expect(maskFound("31/02/2026")).toBe("31/02/2026");
    expect(maskFound("3460000010111")).toBe("346•••••••111");
  });
});
