import { publicId } from "@/lib/foundation/ids";

/** Addresses of the compliance area. People and messages are named by opaque ids, never by a number or a name. */
export function proofPath(messageId: string): string {
  return `/compliance/messages/${publicId("msg", messageId)}/proof`;
}

export function personPath(contactId: string): string {
  return `/compliance/people/${publicId("con", contactId)}`;
}

export function samplePath(sampleId: string): string {
  return `/compliance/sample/${publicId("evt", sampleId)}`;
}

export function requestPath(requestId: string): string {
  return `/compliance/requests/${publicId("rgt", requestId)}`;
}
