import { and, eq, isNull, ne } from "drizzle-orm";
import { templates } from "@/db/schema/templates";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import type { ExistingTemplate } from "@/lib/whatsapp/template-rules";

/** The other templates of an account in a language: Meta refuses a name or a text that one of them has already. */
export async function listAccountTexts(
  ctx: Context,
  { wabaId, language, exceptId }: { wabaId: string; language: string; exceptId?: string },
): Promise<ExistingTemplate[]> {
  authorize(ctx, "template.read");
  return ctx.db
    .select({ name: templates.name, language: templates.language, components: templates.components })
    .from(templates)
    .where(
      and(
        eq(templates.wabaId, wabaId),
        eq(templates.language, language),
        isNull(templates.deletedAt),
        exceptId === undefined ? undefined : ne(templates.id, exceptId),
      ),
    );
}
