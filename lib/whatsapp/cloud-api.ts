import type { Timeouts } from "./exchange";

/** Where Meta's own API is, and the version that the product was built against. */
export const metaDefaults = { baseUrl: "https://graph.facebook.com", apiVersion: "v25.0" } as const;

export interface CloudApiSettings {
  /** Meta's, or the address of a sandbox. */
  baseUrl?: string;
  apiVersion?: string;
  token: string;
  /** Connections of the keep-alive pool of each host. */
  connections?: number;
  timeouts?: Partial<Timeouts>;
}
