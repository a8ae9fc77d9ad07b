import type { WorldClock } from "./clock";
import type { createDeliveries } from "./deliveries";
import type { Engine } from "./engine";
import type { FaultScript } from "./faults";
import type { Journal, SandboxState } from "./journal";
import type { People } from "./people";
import type { TemplateShelf } from "./template-shelf";
import type { TokenBucket } from "./token-bucket";

/** What the routes of one running sandbox share. */
export interface SandboxParts {
  account: SandboxState["account"];
  clock: WorldClock;
  people: People;
  shelf: TemplateShelf;
  engine: Engine;
  deliveries: ReturnType<typeof createDeliveries>;
  faults: FaultScript;
  throughput: TokenBucket;
  journal: Journal;
  subscription: { isOn: boolean };
  /** Writes the state file. */
  save: () => void;
  /** Messages refused at once, by error code. */
  refusals: Record<number, number>;
}
