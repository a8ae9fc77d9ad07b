import { expect, test } from "vitest";
import { pageRequest } from "./page-request";

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
