import { execFileSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "@playwright/test";

const COMMANDS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const APPLICATIONS = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];
const INSTALL_LIMIT_MS = 300_000;

/** Playwright's own Chromium, or a Chromium or Chrome of this machine. */
export function findBrowser(): string | undefined {
  const own = chromium.executablePath();
  if (own && existsSync(own)) return own;
  const onPath = (process.env.PATH ?? "")
    .split(delimiter)
    .flatMap((folder) => COMMANDS.map((name) => join(folder, name)));
  return [...onPath, ...APPLICATIONS].find(isExecutable);
}

/**
 * A browser for the journeys; on Debian, as root, the package `chromium` is installed when there is none.
 *
 * @throws Error with one sentence: what to run
 */
export function requireBrowser(tell: (line: string) => void): string {
  const found = findBrowser() ?? (isDebianRoot() ? installChromium(tell) : undefined);
  if (found) return found;
  throw new Error(
    "The journeys need a browser: run `npx playwright install --with-deps chromium`, or install Chromium.",
  );
}

function isDebianRoot(): boolean {
  return process.getuid?.() === 0 && existsSync("/etc/debian_version") && existsSync("/usr/bin/apt-get");
}

function installChromium(tell: (line: string) => void): string | undefined {
  tell("no browser found: installing the package chromium");
  const apt = (...args: string[]) =>
    execFileSync("apt-get", args, {
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
      stdio: ["ignore", "ignore", "pipe"],
      timeout: INSTALL_LIMIT_MS,
    });
  try {
    apt("update", "-qq");
    apt("install", "-y", "-qq", "--no-install-recommends", "chromium");
  } catch (error) {
    tell(`apt-get did not succeed: ${error instanceof Error ? error.message : String(error)}`);
  }
  return findBrowser();
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
