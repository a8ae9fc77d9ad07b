import type * as z from "zod";
import { type AppErrorCode, type AppErrorParams, isAppError } from "@/lib/foundation/errors";
import type { Context } from "@/lib/identity/context";
import { currentPerson } from "./context";

/** What a form gets back. `fields` names, per field of the form, the rule that its value broke (zod's issue codes). */
export type ActionResult<T> =
  | { ok: true; data: T }
  | { ok: false; code: AppErrorCode; params: AppErrorParams; fields: Readonly<Record<string, string>> };

/** The state of a form before it was sent, and after. For `useActionState`. */
export type FormState<T> = ActionResult<T> | null;

export type Command<I, O> = (ctx: Context, input: I) => Promise<O>;
type After<I, O> = (result: O, input: I) => void | Promise<void>;

/**
 * A server action out of a command, for calls from client components: `export const launch = action(LaunchInput, launch)`.
 * Refusals come back as codes; anything else throws and reaches the error page. Next has checked the origin.
 * `after` runs once the command has committed: `revalidatePath`, `redirect`.
 */
export function action<S extends z.ZodType, O>(
  schema: S,
  command: Command<z.output<S>, O>,
  after?: After<z.output<S>, O>,
) {
  return async (input: z.input<S>): Promise<ActionResult<O>> => run(schema, { command, after }, input);
}

/**
 * The same for a `<form>` with `useActionState`. Sent before the page is ready, React sends it again; without JavaScript
 * the browser names no origin (the referrer policy is `no-referrer`) and Next refuses it.
 */
export function formAction<S extends z.ZodType, O>(
  schema: S,
  command: Command<z.output<S>, O>,
  after?: After<z.output<S>, O>,
) {
  return async (_previous: FormState<O>, form: FormData): Promise<ActionResult<O>> =>
    run(schema, { command, after }, formValues(form));
}

async function run<S extends z.ZodType, O>(
  schema: S,
  { command, after }: { command: Command<z.output<S>, O>; after?: After<z.output<S>, O> },
  input: unknown,
): Promise<ActionResult<O>> {
  const person = await currentPerson();
  if (!person) return refused("session_expired");
  const parsed = schema.safeParse(input);
  if (!parsed.success) return invalid(parsed.error);
  const result = await outcomeOf(() => command(person.ctx, parsed.data));
  if (result.ok) await after?.(result.data, parsed.data);
  return result;
}

/** Runs a command and turns its refusal into a result; what is not a refusal is thrown on. */
export async function outcomeOf<O>(work: () => Promise<O>): Promise<ActionResult<O>> {
  try {
    return { ok: true, data: await work() };
  } catch (error) {
    if (!isAppError(error)) throw error;
    const { field, reason } = error.params;
    const fields = typeof field === "string" ? { [field]: typeof reason === "string" ? reason : error.code } : {};
    return { ok: false, code: error.code, params: error.params, fields };
  }
}

/** The result of a form whose values break the schema: the first issue of each field. */
export function invalid(error: z.ZodError): ActionResult<never> {
  const fields: Record<string, string> = {};
  for (const issue of error.issues) fields[issue.path.join(".")] ??= issue.code;
  return { ok: false, code: "invalid_input", params: {}, fields };
}

/** A form as plain values. A name that ends in `[]` is a list, whatever the number of boxes ticked; files stay files. */
export function formValues(form: FormData): Record<string, FormDataEntryValue | FormDataEntryValue[]> {
  const values: Record<string, FormDataEntryValue | FormDataEntryValue[]> = {};
  for (const name of new Set(form.keys())) {
    if (name.startsWith("$ACTION_")) continue; // Next's own fields
    if (name.endsWith("[]")) values[name.slice(0, -2)] = form.getAll(name);
    else values[name] = form.get(name) ?? "";
  }
  return values;
}

/** A refusal that no command made. */
export function refused(code: AppErrorCode): ActionResult<never> {
  return { ok: false, code, params: {}, fields: {} };
}
