import type { TemplateDraft } from "@/lib/templates/draft";
import type { DraftProblem } from "@/lib/templates/draft-problems";

export type Part = DraftProblem["at"];

/** The sentence of what is wrong with a part, or with one card of the carousel; undefined before anybody has to know. */
export type ProblemAt = (part: Part, card?: number) => string | undefined;

/** What changes, or how: a function sees what was written since, for changes that come late (uploads). */
export type ChangeDraft = (
  next: Partial<TemplateDraft> | ((before: TemplateDraft) => Partial<TemplateDraft>),
  part?: Part,
) => void;
