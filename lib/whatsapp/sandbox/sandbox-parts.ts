import type { AccountState } from "./account-state";
import type { WorldClock } from "./clock";
import type { createDeliveries } from "./deliveries";
import type { Engine } from "./engine";
import type { FaultScript } from "./faults";
import type { Journal, SandboxState } from "./journal";
import type { MediaStore } from "./media-store";
import type { People } from "./people";
import type { SendLimits } from "./send-limits";
import type { TemplateLife } from "./template-life";
import type { TemplateShelf } from "./template-shelf";
import type { Traffic } from "./traffic";
import type { UploadSessions } from "./upload-sessions";

/** What the routes of one running sandbox share. */
export interface SandboxParts {
  account: SandboxState["account"];
  accountState: AccountState;
  clock: WorldClock;
  people: People;
  shelf: TemplateShelf;
  life: TemplateLife;
  media: MediaStore;
  uploads: UploadSessions;
  traffic: Traffic;
  limits: SendLimits;
  engine: Engine;
  deliveries: ReturnType<typeof createDeliveries>;
  faults: FaultScript;
  journal: Journal;
  subscription: { isOn: boolean };
  /** Writes the state file. */
  save: () => void;
  /** Messages refused at once, by error code. */
  refusals: Record<number, number>;
}
