/** A link to pass on, as the page shows it once. */
export interface HandedLinkView {
  url: string;
  name: string;
  /** ISO instant. */
  until: string;
}
