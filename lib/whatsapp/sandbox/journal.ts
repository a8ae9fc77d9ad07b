import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  truncateSync,
  writeSync,
} from "node:fs";
import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { accountState } from "./account-state";
import { act } from "./act-shapes";
import { storedMedia } from "./media-store";
import { blockedName, storedTemplate } from "./template-shelf";
import { clockSetting, horizon, person, world } from "./world";

/** What survives a restart of the sandbox, apart from people and messages. */
const state = z.object({
  account: z.object({
    seed: z.number(),
    token: z.string(),
    appSecret: z.string(),
    appId: z.string(),
    wabaId: z.string(),
    phoneNumberId: z.string(),
    displayPhoneNumber: z.string(),
  }),
  world,
  clock: clockSetting.extend({ realNow: z.number() }),
  horizon: horizon.extend({ number: z.number().int() }).optional(),
  templates: z.array(storedTemplate),
  blockedNames: z.array(blockedName).default([]),
  media: z.array(storedMedia).default([]),
  /** Handles that resumable uploads gave out. */
  handles: z.array(z.string()).default([]),
  accountState: accountState.prefault({}),
  isSubscribed: z.boolean(),
  /** World time up to which every effect was taken by whom it was for; later ones are repeated after a restart. */
  settledUntil: z.number(),
});
export type SandboxState = z.infer<typeof state>;

const shownButton = z.object({
  kind: z.string(),
  text: z.string(),
  url: z.string().optional(),
  payload: z.string().optional(),
  code: z.string().optional(),
});
const shownMedia = z.object({
  kind: z.string(),
  id: z.string().optional(),
  link: z.string().optional(),
  filename: z.string().optional(),
});
const shownCard = z.object({
  media: shownMedia.optional(),
  body: z.string().optional(),
  buttons: z.array(shownButton),
});
/** What the recipient's phone shows of a message. */
export const shownMessage = z.object({
  header: z.string().optional(),
  media: shownMedia.optional(),
  location: z.looseObject({}).optional(),
  body: z.string().optional(),
  footer: z.string().optional(),
  offer: z.object({ text: z.string(), expiresAtMs: z.number().optional() }).optional(),
  buttons: z.array(shownButton),
  cards: z.array(shownCard).optional(),
});
export type ShownMessage = z.infer<typeof shownMessage>;

const acceptedMessage = z.object({
  wamid: z.string(),
  at: z.number(),
  phone: z.string(),
  type: z.string(),
  template: z.string().optional(),
  language: z.string().optional(),
  category: z.string(),
  text: z.string().optional(),
  link: z.string().optional(),
  quickReplies: z.array(z.object({ text: z.string(), payload: z.string() })),
  callbackData: z.string().optional(),
  templateId: z.string().optional(),
  /** The user id that it was addressed to; the phone number then is not named in answers. */
  userId: z.string().optional(),
  /** Accepted, and then reported as failed with this code. */
  failsWith: z.number().optional(),
  /** Written to outside of an open window: counts against the messaging limit. */
  isOutsideWindow: z.boolean().optional(),
  /** wamid of the message that it quotes or reacts to. */
  contextId: z.string().optional(),
  shown: shownMessage.optional(),
});
export type AcceptedMessage = z.infer<typeof acceptedMessage>;

const line = z.union([
  z.object({ message: acceptedMessage }),
  /** Parked by pacing: comes again as `message` when it is released or dropped. */
  z.object({ held: acceptedMessage }),
  z.object({ people: z.array(person) }),
  z.object({ click: z.object({ phone: z.string(), clickId: z.string() }) }),
  z.object({ act: z.object({ phone: z.string(), at: z.number(), do: act }) }),
]);
export type JournalLine = z.infer<typeof line>;

const LOG = "log.jsonl";
const PIECE_BYTES = 1024 * 1024;

/** Keeps the sandbox in a folder: a state file that is replaced whole, and a log that only grows. */
export class Journal {
  private waiting: { text: string; done: () => void; failed: (error: unknown) => void }[] = [];
  private isWriting = false;

  constructor(private readonly folder: string | undefined) {
    if (folder) mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  readState(): SandboxState | undefined {
    const text = this.readText("sandbox.json");
    return text === undefined ? undefined : state.parse(JSON.parse(text));
  }

  writeState(current: SandboxState) {
    if (!this.folder) return;
    const path = join(this.folder, "sandbox.json");
    const draft = `${path}.new`;
    const file = openSync(draft, "w", 0o600);
    writeSync(file, JSON.stringify(current));
    fsyncSync(file);
    closeSync(file);
    renameSync(draft, path);
  }

  /** All lines, oldest first. A last line that a crash has cut was never answered for; it is removed. */
  *readLines(): Generator<JournalLine> {
    if (!this.folder) return;
    const path = join(this.folder, LOG);
    if (!existsSync(path)) return;
    const file = openSync(path, "r");
    // Piece by piece: the log of a large campaign is longer than a string may be.
    const piece = Buffer.alloc(PIECE_BYTES);
    let rest: Buffer = Buffer.alloc(0);
    let size = 0;
    for (let read = readSync(file, piece); read > 0; read = readSync(file, piece)) {
      size += read;
      const bytes = Buffer.concat([rest, piece.subarray(0, read)]);
      const end = bytes.lastIndexOf("\n") + 1;
      rest = bytes.subarray(end);
      for (const one of bytes.toString("utf8", 0, end).split("\n")) if (one !== "") yield line.parse(JSON.parse(one));
    }
    closeSync(file);
    if (rest.length > 0) truncateSync(path, size - rest.length);
  }

  /** Whether lines are on their way into the file; what they tell of has not begun yet. */
  get isBusy(): boolean {
    return this.isWriting;
  }

  /** Resolves when the line is in the file; lines that come together are written together. */
  append(entry: JournalLine): Promise<void> {
    if (!this.folder) return Promise.resolve();
    return new Promise((done, failed) => {
      this.waiting.push({ text: `${JSON.stringify(entry)}\n`, done, failed });
      if (!this.isWriting) void this.write(this.folder ?? "");
    });
  }

  private async write(folder: string) {
    this.isWriting = true;
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0);
      try {
        await appendFile(join(folder, LOG), batch.map(({ text }) => text).join(""), { mode: 0o600 });
        for (const { done } of batch) done();
      } catch (error) {
        for (const { failed } of batch) failed(error);
      }
    }
    this.isWriting = false;
  }

  /** Where bytes of a kind are kept; undefined without a folder. */
  folderFor(name: string): string | undefined {
    return this.folder && join(this.folder, name);
  }

  private readText(name: string): string | undefined {
    if (!this.folder) return undefined;
    try {
      return readFileSync(join(this.folder, name), "utf8");
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
      throw error;
    }
  }
}
