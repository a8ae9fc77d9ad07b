"use client";

import { createContext, useContext } from "react";
import type { Choice } from "@/app/_ui/fields";
import type { AttributeKinds } from "./rule-draft";

/** What conditions may ask about. */
export interface RuleContext {
  attributes: readonly { key: string; label: string; type: "text" | "number" | "boolean" | "date" }[];
  kinds: AttributeKinds;
  countries: readonly Choice[];
  languages: readonly Choice[];
  /** Values are uuids. */
  purposes: readonly Choice[];
  /** Ids of conditions to be marked as not complete. */
  wrong: ReadonlySet<string>;
}

const Rules = createContext<RuleContext | undefined>(undefined);

export const RuleProvider = Rules.Provider;

export function useRules(): RuleContext {
  const context = useContext(Rules);
  if (!context) throw new Error("a rule is edited below a RuleProvider");
  return context;
}
