import type { Act } from "./act-shapes";
import type { Refusal } from "./acts";
import type { SandboxParts } from "./sandbox-parts";

/** Does what somebody wants to do with a phone, now, and keeps it for a restart. Gives why it cannot be done, or nothing. */
export async function performAct(
  { people, engine, journal, clock }: SandboxParts,
  phone: string,
  what: Act,
): Promise<Refusal | undefined> {
  const person = people.meet(phone);
  const refusal = engine.refusal(person, what);
  if (refusal) return refusal;
  const at = clock.now();
  await journal.append({ act: { phone: person.phone, at, do: what } });
  engine.act(person, what, { at, isPast: false });
  return undefined;
}
