import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { giveTo, launch, serverEnvironment, stop } from "@/db/server-process";
import { serverFiles } from "@/db/server-user";
import { freePort } from "../ports";

/** Where Debian puts the oldest version that the product promises to run on. */
const BINARIES = "/usr/lib/postgresql/15/bin";

export interface OldServer {
  /** As the superuser. */
  url: string;
  stop(): Promise<void>;
}

/** A server of version 15 in a temporary folder; undefined where its binaries are not installed. */
export async function startPostgres15(): Promise<OldServer | undefined> {
  if (!existsSync(join(BINARIES, "initdb"))) return undefined;
  const folder = mkdtempSync(join(tmpdir(), "contraste-15-"));
  chmodSync(folder, 0o711); // root's server runs as another user, who has to pass through
  const files = { ...serverFiles(join(folder, "postgres")), binaries: BINARIES };
  const remove = () => {
    for (const path of [files.folder, folder]) rmSync(path, { recursive: true, force: true });
  };
  try {
    const password = randomBytes(16).toString("hex");
    const passwordFile = join(files.folder, "password");
    writeFileSync(passwordFile, password, { mode: 0o600 });
    giveTo(files, passwordFile);
    const data = join(files.folder, "data");
    const made = spawnSync(
      join(BINARIES, "initdb"),
      [
        `--pgdata=${data}`,
        "--username=postgres",
        `--pwfile=${passwordFile}`,
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
        "--no-sync",
      ],
      { ...files.user, cwd: files.folder, encoding: "utf8", env: serverEnvironment() },
    );
    if (made.status !== 0) throw new Error(`initdb of PostgreSQL 15 failed: ${made.stderr || made.error?.message}`);
    const port = await freePort();
    const started = await launch({ files, data, port, durable: false });
    if (started.kind === "failed") throw new Error(`PostgreSQL 15 did not start: ${started.log}`);
    return {
      url: `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`,
      stop: async () => {
        await stop(started.shell);
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}
