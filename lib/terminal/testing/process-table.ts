import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";

interface ProcessRow {
  pid: number;
  parent: number;
}

/** Ids of a process and of everybody whom it started, directly or not. */
export function descendantsOf(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const { pid, parent } of liveProcesses()) children.set(parent, [...(children.get(parent) ?? []), pid]);
  const found: number[] = [];
  for (let generation = [root]; generation.length > 0; ) {
    found.push(...generation);
    generation = generation.flatMap((pid) => children.get(pid) ?? []);
  }
  return found;
}

/** Which of these still run. Who has ended and was not yet collected by its parent does not. */
export function stillRunning(pids: Iterable<number>): number[] {
  const live = new Set(liveProcesses().map(({ pid }) => pid));
  return [...pids].filter((pid) => live.has(pid));
}

/** Small images have no `ps`; macOS has no /proc. */
function liveProcesses(): ProcessRow[] {
  return existsSync("/proc/self/stat") ? fromProc() : fromPs();
}

function fromProc(): ProcessRow[] {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    const stat = readStat(name);
    // "pid (name) state parent …": the name may hold spaces and brackets.
    const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return !state || state === "Z" || state === "X" ? [] : [{ pid: Number(name), parent: Number(parent) }];
  });
}

function readStat(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return ""; // it has ended since the folder was listed
  }
}

function fromPs(): ProcessRow[] {
  const text = execFileSync("ps", ["-A", "-o", "pid=,ppid=,state="], { encoding: "utf8" });
  return text.split("\n").flatMap((line) => {
    const [pid, parent, state] = line.trim().split(/\s+/);
    return !pid || state?.startsWith("Z") ? [] : [{ pid: Number(pid), parent: Number(parent) }];
  });
}
