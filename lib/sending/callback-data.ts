const FORM = /^(\d{1,2})\.([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/;

/** What Meta echoes in every status of a message: survives losing the answer to the send (cloud-api 2.1). */
export function encodeCallbackData(lane: number, attemptId: string): string {
  return `${lane}.${attemptId}`;
}

/** Undefined for callback data of somebody else. */
export function decodeCallbackData(text: string): { lane: number; attemptId: string } | undefined {
  const match = FORM.exec(text);
  const lane = Number(match?.[1]);
  const attemptId = match?.[2];
  return match && attemptId && lane <= 63 ? { lane, attemptId } : undefined;
}
