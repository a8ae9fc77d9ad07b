import * as z from "zod";
import { MappingOverrides } from "@/lib/imports/mapping";
import { idOf } from "@/lib/templates/inputs";

export const ImportInput = z.object({ importId: idOf("imp") });
export const MapImportInput = ImportInput.extend({ overrides: MappingOverrides });
