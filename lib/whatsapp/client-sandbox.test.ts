import { afterEach, expect, test } from "vitest";
import { createCloudApi } from "./client";
import { templateRequest } from "./requests";
import { approveOffer, closeAll, closeLater, setUp } from "./sandbox/testing";

afterEach(closeAll);

test("an account is managed: marketing moves to its own route, people are blocked and taken out of the contact book", async () => {
  const rehearsal = await setUp({ seed: 21 });
  const { api, sandbox } = rehearsal;
  const { wabaId, phoneNumberId } = sandbox;
  await approveOffer(rehearsal);
  const offer = templateRequest({
    to: "+34600000021",
    template: "oferta_a",
    language: "es",
    body: [{ text: "Ana" }],
    buttons: [{ kind: "url", index: 0, suffix: "c0de" }],
  });

  expect(await api.isMarketingOffOnCloudApi(wabaId)).toEqual({ kind: "ok", value: false });
  expect(await api.setMarketingOffOnCloudApi(wabaId, true)).toMatchObject({ kind: "ok" });
  expect(await api.isMarketingOffOnCloudApi(wabaId)).toEqual({ kind: "ok", value: true });
  expect(await api.sendMessage(phoneNumberId, offer)).toMatchObject({ kind: "rejected", code: 131063 });
  const moved = await api.sendMessage(phoneNumberId, offer, { endpoint: "marketing_messages" });
  expect(moved).toMatchObject({ kind: "accepted" });

  const blocked = await api.blockUsers(phoneNumberId, ["+34600000022"]);
  expect(blocked).toMatchObject({ kind: "ok", value: { block_users: { added_users: [{ input: "+34600000022" }] } } });
  expect(await api.listBlockedUsers(phoneNumberId)).toMatchObject({ value: [{ wa_id: "34600000022" }] });
  const freed = await api.unblockUsers(phoneNumberId, ["+34600000022"]);
  expect(freed).toMatchObject({ value: { block_users: { removed_users: [{ input: "+34600000022" }] } } });
  expect(await api.listBlockedUsers(phoneNumberId)).toEqual({ kind: "ok", value: [] });

  const forgotten = await api.deleteFromContactBook(phoneNumberId, "ES.404");
  expect(forgotten).toEqual({ kind: "ok", value: { success: true, deleted: false } });
});

test("a wrong token and wrong ids are told apart, whatever is asked", async () => {
  const { api, sandbox } = await setUp({ seed: 22 });
  expect(await api.getWaba("900000000000099")).toMatchObject({ kind: "refused", code: 100, subcode: 33 });
  expect(await api.blockUsers("800000000000099", ["+34600000022"])).toMatchObject({ kind: "refused", code: 100 });
  expect(await api.getMedia("600000000000099")).toMatchObject({ kind: "refused", code: 100 });
  expect(await api.getWaba(sandbox.wabaId)).toMatchObject({ kind: "ok", value: { id: sandbox.wabaId } });

  const stranger = createCloudApi({ baseUrl: sandbox.url, token: "wrong" });
  closeLater(stranger.close);
  expect(await stranger.getWaba(sandbox.wabaId)).toMatchObject({ kind: "refused", code: 190 });
  expect(
    await stranger.uploadExample("app", { bytes: Buffer.from("x"), fileName: "a.png", mimeType: "image/png" }),
  ).toMatchObject({ kind: "refused", code: 190 });
});
