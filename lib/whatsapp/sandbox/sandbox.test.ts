import { afterEach, expect, test } from "vitest";
import { approveOffer, closeAll, offer, quiet, setUp } from "./testing";

afterEach(closeAll);

test("a sent template is answered by signed webhooks, a visit of its link and a purchase with that click", async () => {
  const rehearsal = await setUp({ seed: 7 });
  const { receiver, sandbox, control, api } = rehearsal;
  const keen = { deliver: 1, read: 1, readReceiptsOn: 1, click: 1, reply: 0, optOut: 1, buyLiftPerDelivered: 1 };
  await control.changeWorld({ arms: { oferta_a: keen }, purchases: { baseRate: 0 } });
  await control.addPeople([{ phone: "+34600000001" }]);
  await approveOffer(rehearsal);
  const outcome = await api.sendMessage(sandbox.phoneNumberId, offer("+34600000001"));
  expect(outcome).toMatchObject({ kind: "accepted", waId: "34600000001" });
  await quiet(rehearsal);

  const statuses = receiver.webhooks.filter((item) => item.kind === "status");
  expect(statuses.map(({ status }) => status)).toEqual(expect.arrayContaining(["sent", "read"]));
  expect(new Set(statuses.map(({ callbackData }) => callbackData))).toEqual(new Set(["callback:+34600000001"]));
  expect(receiver.webhooks).toContainEqual(
    expect.objectContaining({ kind: "template_status", event: "APPROVED", name: "oferta_a" }),
  );
  expect(receiver.webhooks).toContainEqual(expect.objectContaining({ kind: "message", waId: "34600000001" }));
  expect(receiver.badSignatures).toBe(0);
  expect(receiver.conversions).toEqual([
    expect.objectContaining({ source: "sandbox-shop", phone: "+34600000001", clickId: "cid-34600000001" }),
  ]);
  expect(receiver.conversionKeys).toEqual(new Set(["Bearer clave"]));
});
