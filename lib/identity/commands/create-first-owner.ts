import { users } from "@/db/schema/identity";
import { authorize } from "../authorize";
import { type Context, transaction } from "../context";
import { lockTeam } from "../store";
import type { InviteUser } from "../team";
import { type CreatedPerson, createPerson } from "./create-person";

/** The owner of a fresh installation, or undefined when it already has people. Two starts at once make one owner. */
export async function createFirstOwner(
  ctx: Context,
  { email, name }: Pick<InviteUser, "email" | "name">,
): Promise<CreatedPerson | undefined> {
  authorize(ctx, "installation.setup");
  return transaction(ctx, async (tx) => {
    await lockTeam(tx);
    const [anyone] = await tx.db.select({ id: users.id }).from(users).limit(1);
    return anyone ? undefined : createPerson(tx, { email, name, roles: ["owner"] });
  });
}
