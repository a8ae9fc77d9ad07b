import * as z from "zod";

export const LARGEST_SAMPLE = 1_000;

/** Hexadecimal, so that it can be read out and written down. */
export const SEED = /^[0-9a-f]{8,64}$/;

/** What `sample.drawn` keeps: enough to draw the same records again. */
export const sampleFacts = z.object({
  seed: z.string(),
  size: z.int(),
  population: z.int(),
  /** Sends authorised later do not belong to it. */
  until: z.iso.datetime().transform((text) => new Date(text)),
});
export type SampleFacts = z.output<typeof sampleFacts>;
