import { sql } from "drizzle-orm";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { type Preview, previewTemplate } from "@/lib/whatsapp/components";
import { questionParameters, questionPayloads } from "../consent-question";

export interface QuestionChoice {
  templateId: string;
  brandId: string;
  name: string;
  language: string;
  sender: string;
  /** Meta's word. */
  status: string;
  isApproved: boolean;
  /** Two quick replies, and nothing open but words. */
  fits: boolean;
  preview: Preview;
}

/** Templates that can ask people to confirm, and those chosen for it even if they no longer can. By name. */
export async function listQuestions(ctx: Context): Promise<QuestionChoice[]> {
  authorize(ctx, "policy.read");
  const rows = await ctx.db.execute<{
    id: string;
    brand: string;
    name: string;
    language: string;
    sender: string;
    status: string;
    deleted: boolean;
    components: unknown;
    chosen: boolean;
  }>(sql`
    select t.id, n.brand_id as brand, t.name, t.language, n.verified_name as sender, t.status, t.deleted_at is not null as deleted,
      t.components, exists (select from purposes p where p.question_template_id = t.id) as chosen
    from templates t join phone_numbers n on n.id = t.number_id
    where t.deleted_at is null or exists (select from purposes p where p.question_template_id = t.id)
    order by t.name, t.language`);
  return rows.flatMap(({ id, brand, name, language, sender, status, deleted, components, chosen }) => {
    const fits =
      questionPayloads(components, id) !== undefined && questionParameters({ components, language }) !== undefined;
    if (!fits && !chosen) return [];
    const isApproved = status === "APPROVED" && !deleted;
    const preview = previewTemplate(components, { body: {} });
    return [{ templateId: id, brandId: brand, name, language, sender, status, isApproved, fits, preview }];
  });
}
