import { randomBytes } from "node:crypto";

interface Session {
  length: number;
  mimeType: string;
  received: number;
}

const HANDLE_TYPES = new Set(["image/jpeg", "image/jpg", "image/png", "video/mp4", "application/pdf"]);

export function mayBeExample(mimeType: string): boolean {
  return HANDLE_TYPES.has(mimeType);
}

/** Resumable uploads: a session takes bytes from an offset on, and gives a handle when it has all of them. */
export class UploadSessions {
  private readonly sessions = new Map<string, Session>();
  private readonly handles: Set<string>;

  constructor(handles: string[]) {
    this.handles = new Set(handles);
  }

  allHandles(): string[] {
    return [...this.handles];
  }

  has(handle: string): boolean {
    return this.handles.has(handle);
  }

  open(file: { length: number; mimeType: string }): string {
    const id = `upload:${randomBytes(12).toString("base64url")}`;
    this.sessions.set(id, { ...file, received: 0 });
    return id;
  }

  /** Bytes received so far; undefined for an unknown session. */
  offsetOf(id: string): number | undefined {
    return this.sessions.get(id)?.received;
  }

  /** Takes bytes; the handle when the file is complete, "partial" when more is to come. */
  append(id: string, offset: number, bytes: number): { handle: string } | "partial" | "wrong_offset" | "unknown" {
    const session = this.sessions.get(id);
    if (!session) return "unknown";
    if (offset !== session.received || offset + bytes > session.length) return "wrong_offset";
    session.received += bytes;
    if (session.received < session.length) return "partial";
    this.sessions.delete(id);
    const type = Buffer.from(session.mimeType).toString("base64");
    const handle = `4::${type}:${randomBytes(24).toString("base64url")}`;
    this.handles.add(handle);
    return { handle };
  }
}
