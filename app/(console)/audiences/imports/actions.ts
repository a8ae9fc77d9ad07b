"use server";

import { revalidatePath } from "next/cache";
import { action } from "@/app/_server/action";
import { publicId } from "@/lib/foundation/ids";
import { approveImport } from "@/lib/imports/commands/approve-import";
import { cancelImport } from "@/lib/imports/commands/cancel-import";
import { mapImport } from "@/lib/imports/commands/map-import";
import { refuseImport } from "@/lib/imports/commands/refuse-import";
import { requestImport } from "@/lib/imports/commands/request-import";
import { ImportInput, MapImportInput } from "./inputs";

const refresh = (_result: unknown, { importId }: { importId: string }) =>
  revalidatePath(`/audiences/imports/${publicId("imp", importId)}`);

export const saveMapping = action(
  MapImportInput,
  async (ctx, input) => (await mapImport(ctx, input)).problems,
  refresh,
);
export const start = action(ImportInput, (ctx, { importId }) => requestImport(ctx, { importId }), refresh);
export const approve = action(ImportInput, approveImport, refresh);
export const refuse = action(ImportInput, refuseImport, refresh);
export const cancel = action(ImportInput, cancelImport, refresh);
