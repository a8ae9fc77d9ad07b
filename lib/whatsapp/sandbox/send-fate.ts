import { drawsFor } from "./draws";
import type { AcceptedMessage } from "./journal";
import { mediaKindOf } from "./media-store";
import type { View } from "./message-view";
import { isUSNumber, sparesMarketingCap } from "./numbering";
import type { Person } from "./people";
import type { SandboxParts } from "./sandbox-parts";
import type { StoredTemplate } from "./template-shelf";

const DAY_MS = 24 * 60 * 60_000;
/** A file may be sent as a document, whatever it is. */
const ANY_FILE = "document";

interface Case {
  message: AcceptedMessage;
  person: Person;
  template: StoredTemplate | undefined;
  files: View["files"];
}

/** The code with which an accepted message will be reported as failed; undefined when it goes its way. */
export function fateOf({ message, person, template, files }: Case, parts: SandboxParts): number | undefined {
  const { isOutsideWindow = false } = message;
  if (!template && isOutsideWindow) return 131047;
  if (files.some((file) => !isUsable(file, parts))) return 131053;
  if (template?.category !== "MARKETING") return undefined;
  if (person.hasStoppedMarketing) return 131050;
  const { api } = parts.engine.world;
  if (api.pausesMarketingInUS && isUSNumber(person.phone)) return 131049;
  if (!isOutsideWindow) return undefined;
  if (chance(`experiment:${person.key}`, parts) < api.experimentShare) return 130472;
  return isCapped(message, person, parts) ? 131049 : undefined;
}

/** The cap is Meta's over all businesses; in some countries there is none. */
function isCapped({ at }: AcceptedMessage, { phone, key }: Person, parts: SandboxParts): boolean {
  if (sparesMarketingCap(phone)) return false;
  const { cappedShare, marketingPerPersonAndDay: most = Number.POSITIVE_INFINITY } = parts.engine.world.api;
  if (chance(`cap:${key}:${Math.floor(at / DAY_MS)}`, parts) < cappedShare) return true;
  return parts.limits.marketingOf(phone, at) >= most;
}

function isUsable({ id, kind }: View["files"][number], { media }: SandboxParts): boolean {
  const file = media.get(id);
  if (!file) return false;
  return kind === ANY_FILE || mediaKindOf(file.mimeType) === (kind === "gif" ? "video" : kind);
}

/** Drawn by name, so that it does not depend on the order of messages. */
function chance(name: string, { account }: SandboxParts): number {
  return drawsFor(`${account.seed}:${name}`)();
}
