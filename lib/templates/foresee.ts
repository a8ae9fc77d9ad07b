import type { MessageProblem } from "@/lib/whatsapp/message-problem";
import { checkMessage } from "@/lib/whatsapp/message-rules";
import { templateRequest } from "@/lib/whatsapp/requests";
import { type MessageParts, type ParameterMapping, type ParameterRule, resolveParameters } from "./parameters";
import { mediaIn, valuesForMeta } from "./values";

/** Nobody: only the shape of the message is looked at. */
const NOBODY = { to: "+34600000000", template: "x", language: "es" };
/** As long as the code that ends each person's own link. */
const LINK_CODE = "x".repeat(14);
/** The least that somebody's own value can be. */
const LEAST = "x";

/**
 * What Meta would refuse in a message that was written for people, before anybody is looked at: with the shortest values that
 * they may have, and with what stands in for them. What is refused then is refused for all of them, or for all who lack a
 * value. Undefined: nothing, or places that have no rule yet.
 */
export function foreseeRefusal({ components, parameterFormat, mapping }: MessageParts): MessageProblem | undefined {
  for (const stand of [leastOf, fallbackOf]) {
    const filled = Object.fromEntries(Object.entries(mapping).map(([place, rule]) => [place, stand(rule)]));
    const problem = refusalOf({ components, parameterFormat, mapping: filled });
    if (problem) return problem;
  }
  return undefined;
}

function refusalOf({ components, parameterFormat, mapping }: MessageParts): MessageProblem | undefined {
  const resolution = resolveParameters(
    { components, parameterFormat, mapping },
    { name: null, attributes: {} },
    LINK_CODE,
  );
  if (resolution.kind === "missing") return undefined;
  const files = new Map(mediaIn(resolution.values).map((id) => [id, "1"]));
  const values = valuesForMeta(resolution.values, files);
  if (!values) return undefined;
  const request = templateRequest({ ...NOBODY, ...values });
  return checkMessage({ status: "APPROVED", parameter_format: parameterFormat, components }, request);
}

function leastOf(rule: ParameterRule): ParameterMapping[string] {
  return rule.source === "name" || rule.source === "attribute" ? { source: "text", text: LEAST } : rule;
}

function fallbackOf(rule: ParameterRule): ParameterMapping[string] {
  const isOwn = rule.source === "name" || rule.source === "attribute";
  return isOwn ? { source: "text", text: rule.fallback ?? LEAST } : rule;
}
