import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { users } from "@/db/schema/identity";
import { testDatabase } from "@/db/testing/database";
import { newId } from "@/lib/foundation/ids";
import type { Mail } from "@/lib/foundation/mail";
import { systemActor } from "@/lib/identity/actor";
import { audit } from "@/lib/identity/audit";
import { type Context, transaction } from "@/lib/identity/context";
import { sequence } from "@/lib/ledger/sequence";
import { signCheckpoint } from "@/lib/ledger/sign-checkpoint";
import { listNotices } from "@/lib/notices/queries/list-notices";
import { exportCheckpoint } from "./commands/export-checkpoint";
import { getLogIntegrity } from "./queries/get-log-integrity";

const t = await testDatabase();
const folder = await mkdtemp(join(tmpdir(), "checkpoints-"));
afterAll(async () => {
  await t.close();
  await rm(folder, { recursive: true, force: true });
});

const worker = t.context(systemActor("worker"), { db: t.as("worker") });
let officer: Context;
const kept = join(folder, "kept");
const mails: Mail[] = [];
const sendMail = async (mail: Mail) => void mails.push(mail);

beforeAll(async () => {
  const userId = newId();
  const person = (email: string, role: string, locale: string) => ({
    id: newId(),
    name: email,
    email,
    passwordHash: "x",
    roles: [role],
    locale,
    createdAt: new Date("2026-01-01"),
  });
  await t.db
    .insert(users)
    .values([
      { ...person("iria@example.com", "compliance", "es"), id: userId },
      person("sam@example.com", "compliance", "en"),
      person("lucia@example.com", "marketer", "es"),
      { ...person("gone@example.com", "compliance", "es"), disabledAt: new Date("2026-02-01") },
    ]);
  officer = t.context({ kind: "user", userId, roles: ["compliance"], sessionId: null });
});

async function grow(): Promise<void> {
  await transaction(officer, async (tx) => void (await audit(tx, "person.searched", {}, null)));
  await sequence(t.db);
  await signCheckpoint(t.db, { keys: [t.secrets.logSigningKey], stateFile: join(folder, "state.txt") });
}

test("before anything is signed nothing leaves", async () => {
  await exportCheckpoint(worker, { folder: kept, sendMail });
  expect(mails).toEqual([]);
  expect((await getLogIntegrity(officer)).exported).toBeNull();
});

test("the newest checkpoint goes into the folder and to every officer, in their language, and the log says so", async () => {
  await grow();
  await exportCheckpoint(worker, { folder: kept, sendMail });
  const [file = ""] = await readdir(kept);
  const text = await readFile(join(kept, file), "utf8");
  const { note, exported, checkpoint } = await getLogIntegrity(officer);
  expect(text).toBe(note);
  expect(exported).toMatchObject({ file, mailed: 2, size: checkpoint?.size });
  expect(mails.map(({ to }) => to)).toEqual(["iria@example.com", "sam@example.com"]);
  expect(mails.map(({ attachment }) => attachment?.text)).toEqual([note, note]);
  expect(mails.map(({ subject }) => subject.split(" ")[0])).toEqual(["Registro", "Log"]);
});

test("a folder that holds another history, or mail that fails, is told to officers; the other way still works", async () => {
  await grow();
  const { checkpoint, origin } = await getLogIntegrity(officer);
  const name = `${origin.replaceAll("/", "_")}-${String(checkpoint?.size).padStart(12, "0")}.txt`;
  await writeFile(join(kept, name), `${origin}\n${checkpoint?.size}\nAAAA\n\n— x\n`);
  await exportCheckpoint(worker, { folder: kept, sendMail });
  expect(mails).toHaveLength(4);
  const open = async () =>
    (await listNotices(officer)).filter(({ resolvedAt }) => resolvedAt === null).map(({ params }) => params.where);
  expect(await open()).toEqual(["folder"]);
  const fails = () => Promise.reject(new Error("550"));
  await exportCheckpoint(worker, { folder: join(folder, "other"), sendMail: fails });
  expect(await open()).toEqual(["mail"]);
  expect((await getLogIntegrity(officer)).exported).toMatchObject({ file: name, mailed: 0 });
});

test("an officer whose address does not work keeps the others' mail from none of them, and it is told", async () => {
  await grow();
  const to: string[] = [];
  const sendSome = async (mail: Mail) => {
    if (mail.to.startsWith("iria")) throw new Error("550");
    to.push(mail.to);
  };
  await exportCheckpoint(worker, { folder: join(folder, "other"), sendMail: sendSome });
  expect(to).toEqual(["sam@example.com"]);
  expect((await getLogIntegrity(officer)).exported).toMatchObject({ mailed: 1 });
  const open = (await listNotices(officer)).filter(({ resolvedAt }) => resolvedAt === null);
  expect(open.map(({ params }) => params.where)).toEqual(["mail"]);
});

test("without a mail server the folder is all there is, and the checkpoint waits in the console", async () => {
  await grow();
  await exportCheckpoint(worker, { folder: join(folder, "other"), sendMail: undefined });
  expect((await getLogIntegrity(officer)).exported).toMatchObject({ mailed: 0 });
  expect((await getLogIntegrity(officer)).note).toContain("contraste");
});
