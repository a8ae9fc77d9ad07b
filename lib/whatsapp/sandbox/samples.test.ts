import { readdirSync, readFileSync } from "node:fs";
import { afterEach, expect, test } from "vitest";
import { detailsOf, fault, faultBody, invalidParameter, titleOf, unknownObject } from "./graph-errors";
import { type GraphRehearsal, setUpGraph } from "./graph-testing";
import { storedTemplate } from "./template-shelf";
import { categoryNotice, categoryUpdate, componentsUpdate, qualityUpdate, statusUpdate } from "./template-updates";
import { closeAll } from "./testing";
import type { WebhookUpdate } from "./webhook-bodies";

afterEach(closeAll);

/** Payloads as Meta documents them; samples/README.md says where each shape comes from. */
const samples = new URL("../samples/", import.meta.url);
const read = (name: string) => JSON.parse(readFileSync(new URL(`${name}.json`, samples), "utf8"));
const named = (pattern: RegExp) =>
  readdirSync(samples)
    .filter((file) => pattern.test(file))
    .map((file) => file.replace(".json", ""));

/** Errors whose details tell what was wrong with this one request. */
const particular: Record<string, object> = {
  "error-100-must-be-template": fault(100, "Message must be a template message."),
  "error-100-to-required": { status: 400, code: 100, message: "The parameter to is required." },
  "error-100-unknown-object": unknownObject("800000000000099", "POST"),
  "error-130429-throughput": fault(130429, undefined, { subcode: 2494055 }),
  "error-131008-missing-param": fault(131008, "Parameter of type text is missing text value"),
  "error-131009-invalid-value": fault(131009, "One or more parameter values are invalid."),
  "error-132000-param-count": fault(
    132000,
    "body: number of localizable_params (1) does not match the expected number of params (2)",
  ),
  "error-132001-template-missing": fault(132001, "template name (spring_sale_a) does not exist in en"),
  "error-132012-param-format": fault(132012, "header: Format mismatch, expected IMAGE, received UNKNOWN"),
  "error-190-token-expired": {
    ...{ status: 401, code: 190, subcode: 463, message: "Error validating access token: Session has expired." },
  },
  "error-template-create-2388299": invalidParameter("Variables can't be at the start or end of the template.", {
    subcode: 2388299,
    userTitle: "Leading or trailing params are not allowed",
  }),
};

test.each(named(/^error-/))("%s has Meta's status, title and details", (name) => {
  const { _http_status: status, body } = read(name);
  const made = (particular[name] ?? fault(body.error.code)) as ReturnType<typeof fault>; // Each is a fault.
  expect(made.status).toBe(status);
  expect({ ...faultBody(made).error, fbtrace_id: "" }).toEqual({ ...body.error, fbtrace_id: "" });
});

test.each(named(/^status-failed-\d/))("%s has Meta's title and details", (name) => {
  const [{ code, title, message, error_data: data }] = read(name).entry[0].changes[0].value.statuses[0].errors;
  expect({ title: titleOf(code), message: titleOf(code), details: detailsOf(code) }).toEqual({
    ...{ title, message, details: data.details },
  });
});

const springSale = (change: object = {}) =>
  storedTemplate.parse({
    ...{ id: "700000000000001", name: "spring_sale_a", language: "en_US", category: "MARKETING", status: "APPROVED" },
    ...{ parameter_format: "POSITIONAL", components: [{ type: "BODY", text: "x" }], ...change },
  });
const orderNote = (category: string) => springSale({ id: "700000000000002", name: "order_note", category });
const at = 1_763_800_000_000;
const updates: Record<string, WebhookUpdate> = {
  "template-status-approved": statusUpdate(springSale(), at),
  "template-status-flagged": statusUpdate(springSale(), at, { event: "FLAGGED" }),
  "template-status-reinstated": statusUpdate(springSale(), at, { event: "REINSTATED" }),
  "template-status-pending-deletion": statusUpdate(springSale({ status: "PENDING_DELETION" }), at, { reason: null }),
  "template-status-disabled": statusUpdate(springSale({ status: "DISABLED" }), at, {
    disable_info: { disable_date: 1_763_800_000 },
  }),
  "template-quality-update": qualityUpdate(springSale({ quality_score: { score: "YELLOW" } }), at, "GREEN"),
  "template-category-update-impending": categoryNotice(orderNote("UTILITY"), at, {
    to: "MARKETING",
    at: 1_763_886_400_000,
  }),
  "template-category-update-done": categoryUpdate(orderNote("MARKETING"), 1_763_886_400_000, "UTILITY"),
  "template-components-update": componentsUpdate(
    springSale({
      components: [
        { type: "HEADER", format: "TEXT", text: "Spring sale" },
        { type: "BODY", text: "Hi {{1}}, get {{2}} off today." },
        { type: "FOOTER", text: "Example Shop" },
        { type: "BUTTONS", buttons: [{ type: "URL", text: "Shop", url: "https://go.example.test/{{1}}" }] },
      ],
    }),
    at,
  ),
};

test.each(Object.keys(updates))("%s is told as Meta tells it", (name) => {
  const [entry] = read(name).entry;
  const { kind: _kind, ...update } = updates[name] ?? { kind: "account" };
  expect(update).toEqual({ ...entry.changes[0], time: entry.time });
});

/** The samples name an upload that this sandbox has not seen. */
async function withHandle({ call, sandbox }: GraphRehearsal, draft: object) {
  const { body: session } = await call("POST", `${sandbox.appId}/uploads?file_length=1&file_type=image/jpeg`);
  const { body } = await call("POST", session.id, new Uint8Array([1]), { file_offset: "0" });
  return JSON.parse(JSON.stringify(draft).replaceAll("4::fictional-handle", body.h));
}

test("the documented templates are created, and the documented messages of them are accepted", async () => {
  const graph = await setUpGraph();
  for (const name of named(/^template-create-.*-request/)) {
    const { status, body } = await graph.create(await withHandle(graph, read(name)));
    expect({ name, status, body }).toMatchObject({ name, status: 200, body: { status: "PENDING" } });
  }
  await graph.pass(10);
  for (const name of ["positional", "named", "carousel"]) {
    const { status, body } = await graph.send(read(`send-template-${name}-request`));
    expect({ name, status, body }).toMatchObject({
      name,
      status: 200,
      body: { messages: [{ message_status: "accepted" }] },
    });
  }
  const market = await graph.send(read("send-marketing-messages-request"), "marketing_messages");
  // Its template has a header and a link here, for which it brings no values.
  expect(market).toMatchObject({ status: 400, body: { error: { code: 132000 } } });
});

test("the documented free-form messages are accepted, those to a user id when somebody has it", async () => {
  const graph = await setUpGraph();
  await graph.hearFrom("+15550100777");
  for (const name of named(/^(send-(?!template|marketing|response).*|mark-read|typing-indicator)-request/)) {
    const { status, body } = await graph.call("POST", `${graph.sandbox.phoneNumberId}/messages`, read(name));
    const isToStranger = body.error?.error_data?.details === "The user id in recipient is unknown";
    expect({ name, status: isToStranger ? 200 : status, error: isToStranger ? undefined : body.error }).toEqual({
      ...{ name, status: 200, error: undefined },
    });
  }
});
