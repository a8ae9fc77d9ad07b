import { execFileSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { archiveCheckpoint } from "./checkpoint-archive";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "checkpoints-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const origin = "log.example.org/live";
const note = (size: number, root: string) => `${origin}\n${size}\n${root}\n\n— log.example.org/live abcd\n`;
const keep = (size: number, text: string) => archiveCheckpoint(folder, { origin, size }, text);

test("each checkpoint is a file of its own that nobody can write to, and the same again changes nothing", async () => {
  expect(await keep(3, note(3, "AAAA"))).toEqual({ name: "log.example.org_live-000000000003.txt", isNew: true });
  expect(await keep(9, note(9, "BBBB"))).toMatchObject({ isNew: true });
  expect(await keep(3, `${note(3, "AAAA")}— witness efgh\n`)).toMatchObject({ isNew: false });
  expect((await readdir(folder)).sort()).toHaveLength(2);
  const path = join(folder, "log.example.org_live-000000000003.txt");
  expect(await readFile(path, "utf8")).toBe(note(3, "AAAA"));
  expect((await stat(path)).mode & 0o222).toBe(0);
});

test("another history of the same size is refused, and what was kept stays", async () => {
  await keep(3, note(3, "AAAA"));
  await expect(keep(3, note(3, "CCCC"))).rejects.toThrow("does not continue");
  expect(await readFile(join(folder, "log.example.org_live-000000000003.txt"), "utf8")).toBe(note(3, "AAAA"));
});

test("in a git repository each is a commit, and reaches the remote", async () => {
  const remote = join(folder, "remote.git");
  const tree = join(folder, "tree");
  const git = (...args: string[]) =>
    execFileSync("git", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  git("init", "--quiet", "--bare", "--initial-branch=main", remote);
  git("init", "--quiet", "--initial-branch=main", tree);
  git("-C", tree, "remote", "add", "origin", remote);
  git("-C", tree, "config", "push.default", "current");
  for (const size of [3, 9, 9]) await archiveCheckpoint(tree, { origin, size }, note(size, "AAAA"));
  const subjects = git("--git-dir", remote, "log", "--format=%s", "main").trim().split("\n");
  expect(subjects).toEqual(["log.example.org_live-000000000009.txt", "log.example.org_live-000000000003.txt"]);
});
