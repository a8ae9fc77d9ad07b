/** Facts about who signs (README decision 8; compliance/design.md 5.2). */
export interface Signing {
  approverId: string;
  createdBy: string | null;
  /** Whoever edited since the last approval. */
  editors: readonly string[];
  /** The installation's switch, and how many people can sign in at all. */
  soloMode: boolean;
  activePeople: number;
  /** What has to be typed in solo mode, and what was. */
  campaignName: string;
  confirmation: string | undefined;
}

export type SigningVerdict =
  | { kind: "second_person" }
  | { kind: "solo" }
  | { kind: "refused"; reason: "own_work" | "confirmation_missing" };

/**
 * May this person approve? Whoever created the campaign or edited it since the last approval may not, unless nobody else
 * exists, solo mode is on, and they type the campaign's name.
 */
export function judgeSigning(signing: Signing): SigningVerdict {
  const { approverId, createdBy, editors, soloMode, activePeople, campaignName, confirmation } = signing;
  if (approverId !== createdBy && !editors.includes(approverId)) return { kind: "second_person" };
  if (!isSolo({ soloMode, activePeople })) return { kind: "refused", reason: "own_work" };
  if (confirmation?.trim() !== campaignName) return { kind: "refused", reason: "confirmation_missing" };
  return { kind: "solo" };
}

/** Solo mode holds only while there really is a single person: it ends by itself when a second one arrives. */
export function isSolo({ soloMode, activePeople }: Pick<Signing, "soloMode" | "activePeople">): boolean {
  return soloMode && activePeople === 1;
}
