/** Where the sealed body of an inbound message belongs, as additional authenticated data. */
export function bodyPlace(inboundId: string): string {
  return `inbound_messages|body_sealed|${inboundId}`;
}
