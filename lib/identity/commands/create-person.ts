import { newId } from "@/lib/foundation/ids";
import { audit } from "../audit";
import { authorize } from "../authorize";
import { type Context, transaction } from "../context";
import { generatePassword, hashPassword } from "../passwords";
import { insertUser } from "../store";
import type { InviteUser } from "../team";

/** A person and the password to print once; it is stored nowhere in clear. */
export interface CreatedPerson {
  userId: string;
  password: string;
}

/** Adds a person with a generated password. Only for the terminal of the machine: first start and demo. */
export async function createPerson(ctx: Context, { email, name, roles }: InviteUser): Promise<CreatedPerson> {
  authorize(ctx, "installation.setup");
  return transaction(ctx, async (tx) => {
    const userId = newId();
    const password = generatePassword();
    await insertUser(tx, { id: userId, email, name, roles, passwordHash: await hashPassword(password) });
    await audit(tx, "user.created", { roles }, userId);
    return { userId, password };
  });
}
