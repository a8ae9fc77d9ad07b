import { expect, test } from "vitest";
import { headerWords, targetOfHeader } from "./header-rules";

const target = (header: string) => targetOfHeader(headerWords(header));

test("a column with both names is the full name, and one with the family name alone is not", () => {
  for (const header of ["Nombre y apellidos", "NOMBRE Y APELLIDO", "First and last name", "Nombre completo"])
    expect(target(header), header).toBe("full_name");
  for (const header of ["Apellidos", "Primer apellido", "Last name"]) expect(target(header), header).toBe("last_name");
});
