import { afterEach, expect, test } from "vitest";
import { freeFormRequest } from "../../free-form";
import { approveOffer, changesIn, closeAll, offer, quiet, type Rehearsal, setUp, TUESDAY } from "../testing";
import { marked } from "./marks";

afterEach(closeAll);

const PHONE = "+34600000001";

async function phones(): Promise<Rehearsal & { get: Get; post: Post }> {
  const rehearsal = await setUp({ seed: 7 });
  await rehearsal.control.changeWorld({ disorder: { duplicated: 0, reordered: 0, beforeResponse: 0, previewed: 0 } });
  const { url } = rehearsal.sandbox;
  const page = (path: string) => `${url}/sandbox/phones${path}`;
  return {
    ...rehearsal,
    get: (path, headers) => fetch(page(path), { headers }),
    post: (path, fields, headers = { origin: url }) =>
      fetch(page(path), { method: "POST", headers, body: new URLSearchParams(fields), redirect: "manual" }),
  };
}
type Get = (path: string, headers?: Record<string, string>) => Promise<Response>;
type Post = (path: string, fields: Record<string, string>, headers?: Record<string, string>) => Promise<Response>;

const at = (phone: string) => `/${encodeURIComponent(phone)}`;

test("a phone shows the message as its owner sees it, with buttons that work, and no markup of anybody's making", async () => {
  const { control, api, sandbox, receiver, get, post, ...rest } = await phones();
  const rehearsal = { control, api, sandbox, receiver, ...rest };
  await control.addPeople([{ phone: PHONE, name: "<script>alert(1)</script>" }]);
  await control.act([{ phone: PHONE, do: { act: "take" } }]);
  await approveOffer(rehearsal);
  await api.sendMessage(sandbox.phoneNumberId, offer(PHONE));
  await quiet(rehearsal);
  const page = await get(`${at(PHONE)}?lang=es`);
  const html = await page.text();
  expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
  expect(html).toContain('<html lang="es">');
  expect(html).toContain("Hola Ana, te espera una sorpresa");
  expect(html).toContain(`href="${receiver.origin}/l/34600000001"`);
  expect(html).toContain("&lt;script&gt;alert(1)");
  expect(html).not.toContain("<script>alert(1)");

  const [message] = await control.messages(PHONE);
  const fields = { act: "tap", wamid: message?.wamid ?? "", text: "No quiero más" };
  const tapped = await post(`${at(PHONE)}/acts?lang=es`, fields);
  expect([tapped.status, tapped.headers.get("location")]).toEqual([303, `/sandbox/phones/%2B34600000001?lang=es`]);
  await quiet(rehearsal);
  const messages = changesIn(receiver.bodies).flatMap(({ value }) => value.messages ?? []);
  expect(messages).toMatchObject([{ type: "button", button: { payload: "OPT_OUT" } }]);
  expect(await (await get(`${at(PHONE)}?lang=es`)).text()).toContain("from-person");
});

test("every control of the phone is a form that does what it says", async () => {
  const { control, post, get } = await phones();
  await control.addPeople([{ phone: PHONE }]);
  const acts = `${at(PHONE)}/acts?lang=en`;
  for (const act of ["take", "stop", "block"]) expect((await post(acts, { act })).status).toBe(303);
  const html = await (await get(`${at(PHONE)}?lang=en`)).text();
  for (const words of ["You hold this phone", "off in the app", "Has blocked the business"]) {
    expect(html).toContain(words);
  }
  await post(acts, { act: "buy", amount: "12.34" });
  await quiet({ control });
  expect((await control.state()).counts.purchases).toBe(1);
  const wrong = await post(acts, { act: "write", text: "" });
  expect(wrong.headers.get("location")).toContain("problem=invalid");
});

test("the list finds people by name, number and tag, and the page says when nothing has changed", async () => {
  const { control, get, post } = await phones();
  await control.addPeople([
    { phone: PHONE, name: "Lucía", tags: ["vip"] },
    { phone: "+5511987654321", name: "João" },
  ]);
  const found = async (query: string) => {
    const html = await (await get(`?lang=es&q=${encodeURIComponent(query)}`)).text();
    return ["Lucía", "João"].filter((name) => html.includes(name));
  };
  expect(await found("luc")).toEqual(["Lucía"]);
  expect(await found("VIP")).toEqual(["Lucía"]);
  expect(await found("+55 11")).toEqual(["João"]);
  expect(await found("")).toEqual(["Lucía", "João"]);
  expect(await found("nadie")).toEqual([]);

  await control.setClock({ appNow: "2026-11-24T09:00:00.000Z", speed: 0 });
  const first = await get("?lang=es", { "x-part": "live" });
  const tag = first.headers.get("etag") ?? "";
  expect((await get("?lang=es", { "if-none-match": tag })).status).toBe(304);
  const added = await post("?lang=es", { phone: "+34 600 000 003" });
  expect(added.headers.get("location")).toBe("/sandbox/phones/%2B34600000003?lang=es");
  expect((await get("?lang=es", { "if-none-match": tag })).status).toBe(200);
});

test("neither another site nor another name for this machine can use the page, and the API still asks for its token", async () => {
  const { sandbox, get, post } = await phones();
  expect((await post("", { phone: PHONE }, { origin: "https://evil.example" })).status).toBe(403);
  expect((await post("", { phone: PHONE }, {})).status).toBe(403);
  expect((await get("", {})).status).toBe(200);
  expect((await fetch(`${sandbox.url}/sandbox/truth`)).status).toBe(401);
  expect((await fetch(`${sandbox.url}/v25.0/${sandbox.wabaId}`)).status).toBe(401);
});

test("free text with a reply goes through the chat of whoever wrote", async () => {
  const { api, sandbox, control, post, get } = await phones();
  await control.setClock({ appNow: TUESDAY, speed: 1 });
  await post("?lang=en", { phone: PHONE });
  await post(`${at(PHONE)}/acts?lang=en`, { act: "write", text: "Hello *you*" });
  const text = freeFormRequest({ to: PHONE, type: "text", body: "Hi, *bold* & _slanted_" });
  await api.sendMessage(sandbox.phoneNumberId, text);
  await control.stepClock(60);
  await quiet({ control });
  const html = await (await get(`${at(PHONE)}?lang=en`)).text();
  expect(html).toContain("Hi, <b>bold</b> &amp; <i>slanted</i>");
  expect(html).toContain("Hello *you*");
});

test("WhatsApp's marks become markup, addresses and lone signs stay as they are", () => {
  expect(marked("*a* _b_ ~c~ ```d```").text).toBe("<b>a</b> <i>b</i> <s>c</s> <code>d</code>");
  expect(marked("2*3*4 snake_case_name * alone").text).toBe("2*3*4 snake_case_name * alone");
  expect(marked("https://x.example/a_b_c?d=*e* <i>").text).toBe("https://x.example/a_b_c?d=*e* &lt;i&gt;");
});

test("an address with anything in it shows the page", async () => {
  const { get } = await phones();
  for (const query of ["?problem=__proto__", "?q=a&q=b&lang=constructor", "?q=%22%3E%3Cscript%3E"]) {
    const page = await get(query);
    expect([page.status, (await page.text()).includes('"><script>')], query).toEqual([200, false]);
  }
});
