import type { ClockSetting } from "./world";

/** World time: runs from an anchor at a chosen speed, like the product's clock in a sandbox database. */
export class WorldClock {
  private anchorApp = 0;
  private anchorReal = 0;
  private speed = 1;

  constructor(setting: ClockSetting & { realNow: number }) {
    this.set(setting, setting.realNow);
  }

  now(): number {
    return this.anchorApp + (Date.now() - this.anchorReal) * this.speed;
  }

  set({ appNow, speed }: ClockSetting, realNow = Date.now()) {
    this.anchorReal = realNow;
    this.anchorApp = Date.parse(appNow);
    this.speed = speed;
  }

  /** Lets time pass at once. */
  step(ms: number) {
    this.anchorApp += ms;
  }

  setting(): ClockSetting {
    return { appNow: new Date(this.now()).toISOString(), speed: this.speed };
  }
}
