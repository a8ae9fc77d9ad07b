import { afterEach, expect, test } from "vitest";
import { approved, type GraphRehearsal, plainDraft, plainSend, setUpGraph } from "./graph-testing";
import { closeAll } from "./testing";

afterEach(closeAll);

const DAY = 86_400;
const reached = { deliver: 1, readReceiptsOn: 1, read: 1, click: 0, reply: 0, optOut: 0 };
const phone = (index: number) => `+346${String(index).padStart(8, "0")}`;
const refused = (code: number) => ({ status: 400, body: { error: { code } } });

async function sendMany({ send }: GraphRehearsal, name: string, count: number, edge = "messages") {
  const all = Array.from({ length: count }, (_, index) => send({ ...plainSend(name), to: phone(index) }, edge));
  await Promise.all(all);
}

const midnight = (graph: GraphRehearsal) => Math.floor(graph.now() / 1_000 / DAY) * DAY;

test("template analytics are off until they are enabled, and then stay on", async () => {
  const graph = await setUpGraph();
  const id = await approved(graph, plainDraft("oferta"));
  const { wabaId } = graph.sandbox;
  const start = midnight(graph);
  const read = (query: string) => graph.call("GET", `${wabaId}/template_analytics?${query}`);
  const query = `start=${start}&end=${start + DAY}&granularity=DAILY&template_ids=[${id}]`;
  expect(await read(query)).toMatchObject(refused(200007));
  expect(await graph.call("POST", `${wabaId}?is_enabled_for_insights=true`)).toEqual({
    status: 200,
    body: { id: wabaId },
  });
  expect(await graph.call("POST", wabaId, { is_enabled_for_insights: false })).toMatchObject(refused(200006));
  expect(await read(query)).toMatchObject({ status: 200 });
  expect(await read(query.replace("DAILY", "HOURLY"))).toMatchObject(refused(100));
  expect(await read(query.replace(`start=${start}`, `start=${start - 95 * DAY}`))).toMatchObject(refused(100));
  const eleven = Array.from({ length: 11 }, (_, index) => index + 1).join(",");
  expect(await read(query.replace(`[${id}]`, `[${eleven}]`))).toMatchObject(refused(100));
});

test("template analytics count what was sent, delivered, read, tapped and paid, by day and by way", async () => {
  const clicking = { ...reached, click: 1 };
  const graph = await setUpGraph({ arms: { oferta: clicking }, api: { rates: { marketing: 50_000 } } });
  const buttons = [{ type: "URL", text: "Ver", url: "https://shop.example.test/" }];
  const draft = plainDraft("oferta");
  const id = await approved(graph, { ...draft, components: [...draft.components, { type: "BUTTONS", buttons }] });
  await graph.call("POST", graph.sandbox.wabaId, { is_enabled_for_insights: true });
  const start = midnight(graph);
  await sendMany(graph, "oferta", 10);
  await sendMany(graph, "oferta", 3, "marketing_messages");
  await graph.pass(2 * DAY);
  const read = async (extra = "") => {
    const query = `start=${start}&end=${start + 3 * DAY}&granularity=DAILY&template_ids=${id}${extra}`;
    return (await graph.call("GET", `${graph.sandbox.wabaId}/template_analytics?${query}`)).body;
  };
  const { data, paging } = await read();
  expect(paging.cursors).toBeDefined();
  const [{ data_points: points, ...series }] = data;
  expect(series).toEqual({ granularity: "DAILY", product_type: "cloud_api" });
  const total = (key: string) =>
    points.reduce((sum: number, point: Record<string, number>) => sum + (point[key] ?? 0), 0);
  expect([total("sent"), total("delivered"), total("read")]).toEqual([10, 10, 10]);
  expect(points[0]).toMatchObject({ template_id: id, start, end: start + DAY });
  const clicks = points.flatMap((point: { clicked?: object[] }) => point.clicked ?? []);
  expect(clicks).toContainEqual(expect.objectContaining({ type: "url_button", button_content: "Ver" }));
  const spent = points.flatMap(({ cost }: { cost: { type: string; value?: number }[] }) =>
    cost.filter(({ type }) => type === "amount_spent").map(({ value = 0 }) => value),
  );
  expect(spent.reduce((sum: number, value: number) => sum + value, 0)).toBeCloseTo(0.5);
  const lite = await read("&product_type=MARKETING_MESSAGES_API_FOR_WHATSAPP&metric_types=SENT");
  expect(lite.data[0].data_points[0]).toEqual({ template_id: id, start, end: start + DAY, sent: 3 });
});

test("the account's analytics group its own traffic by time, country, category and type", async () => {
  const graph = await setUpGraph({ otherwise: reached, api: { rates: { marketing: 50_000, service: 0 } } });
  await approved(graph, plainDraft("oferta"));
  await sendMany(graph, "oferta", 4);
  await graph.send({ ...plainSend("oferta"), to: "+525512345678" });
  await graph.hearFrom();
  await graph.send({ type: "text", text: { body: "Hola" } });
  const start = midnight(graph);
  await graph.pass(DAY);
  const span = `.start(${start}).end(${start + 2 * DAY})`;
  const field = async (fields: string) =>
    (await graph.call("GET", `${graph.sandbox.wabaId}?fields=${encodeURIComponent(fields)}`)).body;

  const { analytics, id } = await field(`id,analytics${span}.granularity(DAY).product_types([0])`);
  expect(id).toBe(graph.sandbox.wabaId);
  expect(analytics).toMatchObject({ phone_numbers: ["15550100100"], country_codes: ["ES", "MX"], granularity: "DAY" });
  expect(analytics.data_points.reduce((sum: number, { sent }: { sent: number }) => sum + sent, 0)).toBe(5);

  const dimensions = 'dimensions(["COUNTRY","PRICING_CATEGORY","PRICING_TYPE","TIER"])';
  const { pricing_analytics: pricing } = await field(`pricing_analytics${span}.granularity(MONTHLY).${dimensions}`);
  expect(pricing.data[0].data_points).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ country: "MX", pricing_category: "MARKETING", tier: "0:MAX", volume: 1, cost: 0.05 }),
      expect.objectContaining({ country: "ES", pricing_category: "MARKETING", pricing_type: "REGULAR", volume: 4 }),
      expect.objectContaining({ country: "ES", pricing_category: "SERVICE", volume: 1 }),
    ]),
  );
  const { conversation_analytics: conversations } = await field(
    `conversation_analytics${span}.granularity(DAILY).conversation_categories(["MARKETING"])`,
  );
  const counted = conversations.data[0].data_points.map(({ conversation }: { conversation: number }) => conversation);
  expect(counted.reduce((sum: number, one: number) => sum + one, 0)).toBe(5);
  const wrong = await graph.call("GET", `${graph.sandbox.wabaId}?fields=analytics${span}.granularity(YEAR)`);
  expect(wrong).toMatchObject(refused(100));
});

test("two templates are compared by blocks and sends over exactly 7, 30, 60 or 90 days", async () => {
  const graph = await setUpGraph({ otherwise: reached, api: { compareLeastSends: 3 } });
  const [bad, good] = [await approved(graph, plainDraft("mala")), await approved(graph, plainDraft("buena"))];
  const compare = (days: number, unit = 1) => {
    const end = graph.now() / 1_000;
    const [from, to] = [(end - days * DAY) * unit, end * unit];
    return graph.call("GET", `${bad}/compare?template_ids=[${good}]&start=${from}&end=${to}`);
  };
  await sendMany(graph, "mala", 3);
  for (const index of [10, 11]) await graph.send({ ...plainSend("buena"), to: phone(index) });
  await graph.pass(3_600 * 4);
  expect(await compare(7)).toMatchObject(refused(100)); // One of them was sent too seldom.
  await graph.send({ ...plainSend("buena"), to: phone(12) });
  await graph.pass(3_600);
  await graph.control.act([{ phone: phone(0), do: { act: "block", reason: "SPAM" } }]);
  expect(await compare(8)).toMatchObject(refused(100));
  for (const unit of [1, 1_000]) {
    expect((await compare(7, unit)).body.data).toEqual([
      { metric: "BLOCK_RATE", type: "RELATIVE", order_by_relative_metric: [good, bad] },
      { metric: "MESSAGE_SENDS", type: "NUMBER_VALUES", number_values: [sends(bad), sends(good)] },
      { metric: "TOP_BLOCK_REASON", type: "STRING_VALUES", string_values: [reason(bad, "SPAM"), reason(good)] },
    ]);
  }
});

const sends = (key: string) => ({ key, value: 3 });
const reason = (key: string, value = "UNKNOWN_BLOCK_REASON") => ({ key, value });
