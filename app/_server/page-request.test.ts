import { expect, test, vi } from "vitest";
import { AppError } from "@/lib/foundation/errors";
import { pageRequest } from "./page-request";

vi.mock("./context", () => ({ currentPerson: async () => ({ ctx: {} }) }));

const never = () => Promise.reject(new Error("it ran"));
const post = (headers: Record<string, string>) =>
  pageRequest(new Request("https://console.example/api/imports", { method: "POST", headers }), never);

test.each([
  ["another site", { "sec-fetch-site": "cross-site", origin: "https://console.example", host: "console.example" }],
  ["a neighbour on the same domain", { "sec-fetch-site": "same-site", host: "console.example" }],
  ["another origin, in an old browser", { origin: "https://evil.example", host: "console.example" }],
  ["nobody knows where", { host: "console.example" }],
])("a body sent from %s is refused before anybody is identified", async (_, headers) => {
  const response = await post(headers);
  expect(response.status).toBe(403);
  expect(await response.json()).toMatchObject({ code: "forbidden" });
});

test("a download that wants a recent code asks a person for it, and a script is told", async () => {
  const wants = () => Promise.reject(new AppError("factor_required"));
  const get = (headers: Record<string, string>) =>
    pageRequest(new Request("https://console.example/api/consents/con_1/evt_1/receipt?lang=es", { headers }), wants);
  const followed = await get({ "sec-fetch-mode": "navigate" });
  expect([followed.status, followed.headers.get("location")]).toEqual([
    303,
    "/confirm?next=%2Fapi%2Fconsents%2Fcon_1%2Fevt_1%2Freceipt%3Flang%3Des",
  ]);
  const fetched = await get({ "sec-fetch-mode": "cors" });
  expect([fetched.status, await fetched.json()]).toEqual([403, expect.objectContaining({ code: "factor_required" })]);
});
