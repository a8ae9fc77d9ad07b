import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdir, open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Checkpoint } from "./verifier";

const run = promisify(execFile);
const GIT_TIMEOUT_MS = 60_000;

/**
 * Adds a signed checkpoint to a folder that only grows: a file of its own, named by origin and size, never written again. The
 * folder may be a mounted bucket that keeps what it has (object lock), or the working tree of a git repository: then it is
 * committed, and pushed where it has a remote.
 *
 * @param note the signed checkpoint, with or without cosignatures
 * @returns the file's name, and whether it is new
 * @throws Error when a file of that size says something else (the log was changed), or the folder or git refuses
 */
export async function archiveCheckpoint(
  folder: string,
  { origin, size }: Pick<Checkpoint, "origin" | "size">,
  note: string,
): Promise<{ name: string; isNew: boolean }> {
  const name = `${origin.replaceAll("/", "_")}-${String(size).padStart(12, "0")}.txt`;
  const path = join(folder, name);
  await mkdir(folder, { recursive: true });
  const isNew = await writeOnce(path, note);
  if (!isNew && said(await readFile(path, "utf8")) !== said(note))
    throw new Error(`${path} holds another checkpoint of ${size} entries: the log does not continue what was kept`);
  if (existsSync(join(folder, ".git"))) await commit(folder, name);
  return { name, isNew };
}

/** What a note says, without who signed it: cosignatures may come later. */
function said(note: string): string {
  return note.slice(0, note.indexOf("\n\n"));
}

/** False when the file is there already. */
async function writeOnce(path: string, text: string): Promise<boolean> {
  try {
    const file = await open(path, "wx", 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await chmod(path, 0o444).catch(() => {}); // a mounted bucket may know no modes; that it locks objects is its own matter
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

async function commit(folder: string, name: string): Promise<void> {
  const git = (...args: string[]) =>
    run("git", ["-C", folder, "-c", "user.name=Contraste", "-c", "user.email=log@localhost", ...args], {
      timeout: GIT_TIMEOUT_MS,
      env: { ...process.env, GIT_TERMINAL_PROMPT: "0" },
    });
  await git("add", "--", name);
  const { stdout: waiting } = await git("status", "--porcelain", "--", name);
  if (waiting !== "") await git("commit", "--quiet", "--message", name, "--", name);
  const { stdout: remotes } = await git("remote");
  if (remotes.trim() !== "") await git("push", "--quiet");
}
