/** The roles a person can hold; somebody may hold several. */
export const roles = ["owner", "admin", "marketer", "approver", "compliance", "executive"] as const;
export type Role = (typeof roles)[number];

export function isRole(text: string): text is Role {
  return (roles as readonly string[]).includes(text);
}

/** Our own processes, when they act without a person. `console` is the sign-in desk: nobody is signed in yet. */
export type SystemName = "console" | "worker" | "ingress" | "sandbox" | "terminal";

/** A signed-in person. `sessionId` is null only where the person acts through the terminal of the machine (demo). */
export interface UserActor {
  kind: "user";
  userId: string;
  roles: readonly Role[];
  sessionId: string | null;
}

/** A program with a key; `scopes` are names of permissions (see `scopes` in permissions.ts). */
export interface ApiKeyActor {
  kind: "api_key";
  keyId: string;
  scopes: readonly string[];
}

export interface SystemActor {
  kind: "system";
  name: SystemName;
}

export type Actor = UserActor | ApiKeyActor | SystemActor;

export function systemActor(name: SystemName): SystemActor {
  return { kind: "system", name };
}

/** Who did it, as rows and ledger entries keep it: the id of the person or key, or the name of the process. */
export function actorId(actor: Actor): string {
  switch (actor.kind) {
    case "user":
      return actor.userId;
    case "api_key":
      return actor.keyId;
    case "system":
      return actor.name;
  }
}
