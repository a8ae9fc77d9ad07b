import { describe, expect, it } from "vitest";
import { judgeSigning, type Signing } from "./four-eyes";

const signing = (change: Partial<Signing> = {}): Signing => ({
  approverId: "noa",
  createdBy: "lucia",
  editors: ["lucia", "iker"],
  soloMode: false,
  activePeople: 5,
  campaignName: "Rebajas",
  confirmation: undefined,
  ...change,
});

describe("four eyes", () => {
  it("let somebody approve who has not touched the campaign", () =>
    expect(judgeSigning(signing())).toEqual({ kind: "second_person" }));

  it("refuse the creator and every editor since the last approval", () => {
    for (const approverId of ["lucia", "iker"])
      expect(judgeSigning(signing({ approverId }))).toEqual({ kind: "refused", reason: "own_work" });
    expect(judgeSigning(signing({ approverId: "lucia", editors: [] }))).toMatchObject({ kind: "refused" });
  });

  it("close only for a single person who switched solo mode on and types the name", () => {
    const alone = { approverId: "lucia", soloMode: true, activePeople: 1 };
    expect(judgeSigning(signing({ ...alone, confirmation: " Rebajas " }))).toEqual({ kind: "solo" });
    expect(judgeSigning(signing({ ...alone, confirmation: "rebajas" }))).toMatchObject({
      reason: "confirmation_missing",
    });
    expect(judgeSigning(signing({ ...alone, activePeople: 2, confirmation: "Rebajas" }))).toMatchObject({
      reason: "own_work",
    });
    expect(judgeSigning(signing({ ...alone, soloMode: false, confirmation: "Rebajas" }))).toMatchObject({
      reason: "own_work",
    });
  });
});
