import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { campaignWorld, type World } from "@/lib/campaigns/testing/world";
import { createPurpose } from "@/lib/consent/commands/create-purpose";
import { newId } from "@/lib/foundation/ids";
import { setConsentQuestion } from "./commands/set-consent-question";
import { listQuestions } from "./queries/list-questions";

const t = await testDatabase();
afterAll(() => t.close());
let world: World;
beforeAll(async () => {
  world = await campaignWorld(t);
});

/** The template becomes a question with these buttons. */
async function asks(templateId: string, ...labels: string[]): Promise<void> {
  const buttons = labels.map((text) => ({ type: "QUICK_REPLY", text }));
  const components = [
    { type: "BODY", text: "Hola {{1}}, ¿confirmas?" },
    { type: "BUTTONS", buttons },
  ];
  await t.db.execute(
    sql`update templates set components = ${JSON.stringify(components)}::jsonb where id = ${templateId}`,
  );
}

test("only what can be a question is offered, and one that was chosen stays in sight when it no longer can", async () => {
  const { iria, lucia } = world.people;
  const { a, b } = world.templateIds;
  const { purposeId, brandId } = world.ids;
  await asks(a, "Sí", "No");
  await asks(b, "Sí");
  const offered = await listQuestions(iria);
  expect(offered).toMatchObject([{ templateId: a, brandId, fits: true, isApproved: true, sender: "Olmo" }]);
  await setConsentQuestion(iria, { purposeId, templateId: a });
  await expect(setConsentQuestion(iria, { purposeId, templateId: b })).rejects.toMatchObject({
    code: "template_not_usable",
  });
  await expect(setConsentQuestion(lucia, { purposeId, templateId: null })).rejects.toMatchObject({ code: "forbidden" });
  await asks(a, "Sí", "No", "Más");
  await t.db.execute(sql`update templates set status = 'PAUSED' where id = ${a}`);
  expect(await listQuestions(iria)).toMatchObject([
    { templateId: a, fits: false, isApproved: false, status: "PAUSED" },
  ]);
});

test("a brand asks with its own templates", async () => {
  const { iria } = world.people;
  const brandId = newId();
  await t.db.execute(sql`
    insert into brands (id, name, controller, created_at) values (${brandId}, 'Otra', 'Otra S. L.', now())`);
  const { purposeId } = await createPurpose(iria, { brandId, key: "otra", name: "Otra", category: "MARKETING" });
  await asks(world.templateIds.b, "Sí", "No");
  await expect(setConsentQuestion(iria, { purposeId, templateId: world.templateIds.b })).rejects.toMatchObject({
    code: "template_not_usable",
  });
});
