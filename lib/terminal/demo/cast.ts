import { type Role, systemActor } from "@/lib/identity/actor";
import { createPerson } from "@/lib/identity/commands/create-person";
import type { Context } from "@/lib/identity/context";
import type { Runtime } from "@/lib/identity/runtime";

export interface SignIn {
  role: Role;
  name: string;
  email: string;
  password: string;
}

const PEOPLE: { role: Role; name: string }[] = [
  { role: "owner", name: "Elena Ruiz" },
  { role: "marketer", name: "Lucía Ortega" },
  { role: "approver", name: "Marcos Vidal" },
  { role: "compliance", name: "Nuria Beltrán" },
  { role: "executive", name: "Andrés Soler" },
];

export interface Cast {
  /** What is printed once. */
  signIns: SignIn[];
  /** A context in which this person acts, with the rights of their role and of the console's database role. */
  as(role: Role): Promise<Context>;
}

/** The demo's people, with passwords made up now. */
export async function castPeople(terminal: Context, console: Runtime): Promise<Cast> {
  const ids = new Map<Role, string>();
  const signIns: SignIn[] = [];
  for (const { role, name } of PEOPLE) {
    const email = `${role}@demo.contraste.local`;
    const { userId, password } = await createPerson(terminal, { email, name, roles: [role] });
    ids.set(role, userId);
    signIns.push({ role, name, email, password });
  }
  return {
    signIns,
    as: (role) => {
      const userId = ids.get(role);
      return console.contextFor(
        userId ? { kind: "user", userId, roles: [role], sessionId: null } : systemActor("terminal"),
      );
    },
  };
}
