import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { freePort } from "../ports";

const PROGRAM = "redis-server";
const START_LIMIT_MS = 10_000;

export interface RedisServer {
  port: number;
  stop(): Promise<void>;
}

/** A Redis of its own on loopback, keeping what it is told in memory alone; undefined where it is not installed. */
export async function startRedis(): Promise<RedisServer | undefined> {
  if (!(process.env.PATH ?? "").split(delimiter).some((folder) => existsSync(join(folder, PROGRAM)))) return undefined;
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "contraste-redis-"));
  const options = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder];
  const server = spawn(PROGRAM, options, { stdio: "ignore" });
  const ended = once(server, "exit");
  const stop = async () => {
    server.kill("SIGTERM");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  const start = performance.now();
  while (!(await answers(port))) {
    if (performance.now() - start < START_LIMIT_MS) await pause(50);
    else {
      await stop();
      throw new Error("Redis did not start");
    }
  }
  return { port, stop };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}
