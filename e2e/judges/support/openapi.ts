import { existsSync, readFileSync } from "node:fs";
import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js";
import { parse } from "yaml";
import { isAllowed } from "../deviations";

// Meta's own description of the API: facebook/openapi, business-messaging-api_v23.0.yaml (cloud-api.md 18). It lies beside
// the project, is read there and never copied; without it its tests count as skipped.

const FILE = new URL("../../../../shared/whatsapp/openapi/business-messaging-api_v23.0.yaml", import.meta.url);

interface Operation {
  requestBody?: { content: Record<string, Content> };
  responses: Record<string, { content?: Record<string, Content> }>;
}
interface Content {
  schema: object;
  examples?: Record<string, { value: unknown }>;
}
interface Document {
  components: { schemas: Record<string, object> };
  paths: Record<string, Record<string, Operation>>;
}

const document = existsSync(FILE) ? (parse(readFileSync(FILE, "utf8")) as Document) : undefined;
export const isPresent = document !== undefined;

export type Json = Record<string, unknown>;

/** The named request bodies that Meta gives for a path; as many nameless ones where the file is not, to be skipped. */
export function requestExamples(path: string, count: number): { name: string; value: Json }[] {
  if (!document) return Array.from({ length: count }, (_, index) => ({ name: `example ${index + 1}`, value: {} }));
  const examples = document.paths[path]?.post?.requestBody?.content["application/json"]?.examples ?? {};
  return Object.entries(examples).map(([name, { value }]) => ({ name, value: value as Json }));
}

const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true, verbose: true, logger: false });
const compiled = new Map<string, ValidateFunction>();

/** What Meta's schema has against a value, without what is listed as a deviation: `/path keyword message`. */
export function complaints(schema: string | { path: string; method: string }, value: unknown): string[] {
  const key = JSON.stringify(schema);
  const validate = compiled.get(key) ?? ajv.compile({ ...schemaOf(schema), components: document?.components });
  compiled.set(key, validate);
  if (validate(value)) return [];
  return (validate.errors ?? []).filter((error) => !isAllowed(error)).map(sentence);
}

function schemaOf(schema: string | { path: string; method: string }): object {
  if (typeof schema === "string") return { $ref: `#/components/schemas/${schema}` };
  const operation = document?.paths[schema.path]?.[schema.method];
  const found = operation?.responses["200"]?.content?.["application/json"]?.schema;
  if (!found) throw new Error(`the file has no answer for ${schema.method} ${schema.path}`);
  return found;
}

function sentence({ instancePath, keyword, message }: ErrorObject): string {
  return `${instancePath} ${keyword}: ${message}`;
}
