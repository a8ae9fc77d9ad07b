import * as z from "zod";
import { plannedAct } from "./act-shapes";
import { plannedFault } from "./faults";
import { clockSetting, horizon, type PersonInput, person, world } from "./world";

const MAX_CROWD = 1_000_000;

/** Many people alike, with consecutive phone numbers. */
const crowd = person.omit({ phone: true, externalId: true, name: true, username: true }).extend({
  firstPhone: person.shape.phone,
  count: z.number().int().positive().max(MAX_CROWD),
});

/** A world in a file, for `npm run sandbox -- --world FILE`; README.md shows one. */
export const worldFile = z.strictObject({
  seed: z.number().int().min(0).optional(),
  clock: clockSetting.optional(),
  settings: world.strict().prefault({}),
  people: z.array(person.strict()).default([]),
  crowds: z.array(crowd.strict()).default([]),
  horizon: horizon.optional(),
  faults: z.array(plannedFault).default([]),
  acts: z.array(plannedAct).default([]),
});
export type WorldFile = z.infer<typeof worldFile>;

/** @throws Error with one line for each thing that is wrong in the file */
export function readWorldFile(text: string): WorldFile {
  const read = worldFile.safeParse(JSON.parse(text));
  if (!read.success) throw new Error(z.prettifyError(read.error));
  return read.data;
}

/** Everybody in the file, the crowds counted out. */
export function peopleOf({ people, crowds }: WorldFile): PersonInput[] {
  const alike = crowds.flatMap(({ firstPhone, count, ...traits }) => {
    const first = BigInt(firstPhone.slice(1));
    return Array.from({ length: count }, (_, index) => ({ ...traits, phone: `+${first + BigInt(index)}` }));
  });
  return [...people, ...alike];
}
