import type { AcceptedMessage } from "./journal";
import type { SandboxParts } from "./sandbox-parts";

type Counters = Pick<SandboxParts, "traffic" | "limits" | "engine">;

/** Lets an accepted message take its way: everybody who counts is told, and the world begins to react. */
export async function acceptMessage(message: AcceptedMessage, parts: Counters & Pick<SandboxParts, "journal">) {
  await parts.journal.append({ message });
  const received = countAccepted(message, parts);
  await parts.engine.tellFirst(received);
}

/** The same after a restart, for a message that stands in the journal. */
export function countAccepted(message: AcceptedMessage, { traffic, limits, engine }: Counters) {
  traffic.accepted(message.templateId);
  limits.count(message);
  return engine.accept(message);
}
