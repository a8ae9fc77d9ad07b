import type { Engine } from "./engine";
import type { AcceptedMessage } from "./journal";
import type { StoredTemplate } from "./template-shelf";
import { statusUpdate } from "./template-updates";
import type { Traffic } from "./traffic";

interface Surroundings {
  traffic: Traffic;
  engine: () => Engine;
  now: () => number;
  save: () => void;
  keepHeld: (message: AcceptedMessage) => Promise<void>;
  letGo: (message: AcceptedMessage) => void;
  /** How the messages that went out were received. */
  receptionOf: (template: StoredTemplate) => { delivered: number; blocks: number };
}

const DROPPED = 132015;

/** Template pacing: after the first messages of a new marketing template the rest waits for how those are received. */
export class TemplatePacing {
  /** Parked messages by template and wamid. */
  private readonly held = new Map<string, Map<string, AcceptedMessage>>();

  constructor(private readonly around: Surroundings) {}

  /** Whether the next message of this template is parked. */
  holds(template: StoredTemplate): boolean {
    const { holdAfter } = this.settings;
    const { pacing } = template.life;
    if (pacing === "holding") return true;
    if (holdAfter === undefined || template.category !== "MARKETING" || pacing !== "open") return false;
    return this.around.traffic.acceptedOf(template.id) >= holdAfter;
  }

  /** Parks an accepted message; the first one sets the time of the decision. */
  async hold(template: StoredTemplate, message: AcceptedMessage) {
    await this.around.keepHeld(message);
    this.park(message);
    if (template.life.pacing !== "holding") this.begin(template);
  }

  /** After a restart, when all messages are read back: whatever a crash has interrupted goes on. */
  resume(template: StoredTemplate) {
    const { pacing, decideAt } = template.life;
    if (decideAt !== undefined) return this.planDecision(template, decideAt);
    if (!this.held.get(template.id)?.size) return;
    if (pacing === "passed" || pacing === "failed") this.letGo(template, this.around.now());
    else this.begin(template);
  }

  private begin(template: StoredTemplate) {
    template.life.pacing = "holding";
    template.life.decideAt = this.around.now() + this.settings.decideAfterSeconds * 1_000;
    this.planDecision(template, template.life.decideAt);
    this.around.save();
  }

  /** After a restart: a message that was parked, until `unpark` finds that it was let go. */
  park(message: AcceptedMessage) {
    const { templateId = "", wamid } = message;
    const waiting = this.held.get(templateId) ?? new Map();
    this.held.set(templateId, waiting.set(wamid, message));
  }

  unpark({ templateId = "", wamid }: AcceptedMessage) {
    this.held.get(templateId)?.delete(wamid);
  }

  private planDecision(template: StoredTemplate, at: number) {
    this.around.engine().plan(at, (then) => {
      if (template.life.decideAt === at) this.decide(template, then);
    });
  }

  private get settings() {
    return this.around.engine().world.api.pacing;
  }

  private decide(template: StoredTemplate, at: number) {
    template.life.decideAt = undefined;
    const { delivered, blocks } = this.around.receptionOf(template);
    const isBad = blocks > 0 && blocks >= delivered * this.around.engine().world.api.quality.redBlockRate;
    template.life.pacing = isBad ? "failed" : "passed";
    if (isBad && template.status === "APPROVED") this.pause(template, at);
    this.around.save();
    this.letGo(template, at);
  }

  /** Unlike a pause for low quality it does not lift by itself. */
  private pause(template: StoredTemplate, at: number) {
    template.status = "PAUSED";
    const description = "The template was paused because the first messages were received badly.";
    const info = { other_info: { title: "RATE_LIMITING_PAUSE", description } };
    this.around.engine().post(statusUpdate(template, at, info));
  }

  /** Parked messages leave, or are dropped when the decision went against them. */
  private letGo(template: StoredTemplate, at: number) {
    const drop = template.life.pacing === "failed" && { failsWith: DROPPED };
    const waiting = this.held.get(template.id) ?? new Map<string, AcceptedMessage>();
    this.held.delete(template.id);
    for (const parked of waiting.values()) {
      this.around.letGo({ ...parked, at, ...drop });
    }
  }
}
