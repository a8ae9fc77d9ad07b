import { expect, test } from "vitest";
import { type Story, spontaneousPurchase, storyOf } from "./behaviour";
import { truthOf } from "./truth";
import { wordsFor } from "./words";
import { behaviourFor, behaviourOf, world } from "./world";

const PEOPLE = 40_000;
/** Five standard errors of a share among so many people: a correct simulation fails once in two million runs. */
const TOLERANCE = 5 * Math.sqrt(0.25 / PEOPLE);

const settings = world.parse({
  arms: {
    a: {
      deliver: 0.9,
      read: 0.6,
      click: 0.3,
      reply: 0.05,
      optOut: 0.02,
      readReceiptsOn: 0.8,
      buyLiftPerDelivered: 0.04,
    },
    b: { deliver: 0.95, read: 0.7, click: 0.02, buyLiftPerDelivered: 0.1 },
  },
  purchases: { baseRate: 0.05 },
});

/** What everybody does when all are sent the same template. */
function everybody(template: string, hasLink = true): { story: Story; buys: boolean }[] {
  const arm = behaviourOf(settings, template);
  return Array.from({ length: PEOPLE }, (_, index) => {
    const phone = `+346${String(index).padStart(8, "0")}`;
    const isSpontaneousBuyer = spontaneousPurchase({ seed: 11, phone, horizon: 1 }, settings).buys;
    const story = storyOf({ seed: 11, phone, ordinal: 0, isSpontaneousBuyer }, arm, { hasLink, world: settings });
    return { story, buys: isSpontaneousBuyer || story.purchase !== undefined };
  });
}
const share = <Item>(items: Item[], is: (item: Item) => boolean) => items.filter(is).length / items.length;
const truth = (key: string) =>
  truthOf(settings).arms.find((arm) => arm.key === key)?.conversionPerAssigned ?? Number.NaN;

test.each([
  ["a", true],
  ["b", true],
  ["b", false],
])("people of arm %s buy as often as the truth says, with a link or without (%s)", (arm, hasLink) => {
  const bought = share(everybody(arm, hasLink), ({ buys }) => buys);
  expect(Math.abs(bought - truth(arm))).toBeLessThan(TOLERANCE);
});

test("the truth is per assigned person: those who were not reached buy at the base rate", () => {
  expect(truth("a")).toBeCloseTo(0.05 + 0.9 * 0.04, 12);
  expect(truthOf(settings).holdout.conversionPerAssigned).toBe(0.05);
  const held = Array.from({ length: PEOPLE }, (_, index) => `+34699${index}`);
  const bought = share(held, (phone) => spontaneousPurchase({ seed: 11, phone, horizon: 1 }, settings).buys);
  expect(Math.abs(bought - 0.05)).toBeLessThan(TOLERANCE);
});

test("each step has the share that was set", () => {
  const stories = everybody("a").map(({ story }) => story);
  const reached = stories.filter((story) => story.isReached);
  const readers = reached.filter((story) => story.readAfterMs !== undefined);
  const measured = [
    [share(stories, (story) => story.isReached), 0.9],
    [share(reached, (story) => story.readAfterMs !== undefined), 0.6],
    [share(stories, (story) => story.isReadReported), 0.8],
    [share(readers, (story) => story.clickAfterMs !== undefined), 0.3],
    [share(readers, (story) => story.answer?.kind === "opt_out"), 0.02],
    [share(readers, (story) => story.answer?.kind === "friendly"), 0.05],
  ] as const;
  for (const [found, wanted] of measured) expect(Math.abs(found - wanted)).toBeLessThan(2 * TOLERANCE);
});

test("those who opt out do it in the app, by a button or in words, and those who block may say why", () => {
  const arm = { ...behaviourOf(settings, "a"), optOut: 0.5, nativeStop: 0.3, tap: 0.5, block: 0.2, report: 0.25 };
  const stories = Array.from({ length: PEOPLE }, (_, index) =>
    storyOf({ seed: 3, phone: `+346${index}`, ordinal: 0, isSpontaneousBuyer: false }, arm, {
      hasLink: false,
      world: settings,
    }),
  );
  const readers = stories.filter((story) => story.readAfterMs !== undefined);
  const leaving = readers.flatMap(({ answer }) => (answer?.kind === "opt_out" ? [answer.way] : []));
  const blocks = readers.flatMap(({ block }) => (block ? [block] : []));
  const measured = [
    [leaving.length / readers.length, 0.5],
    [share(leaving, (way) => way === "native"), 0.3],
    [share(leaving, (way) => way === "tap"), 0.35],
    [blocks.length / readers.length, 0.2],
    [share(blocks, ({ reason }) => reason !== undefined), 0.25],
  ] as const;
  for (const [found, wanted] of measured) expect(Math.abs(found - wanted)).toBeLessThan(4 * TOLERANCE);
  expect(new Set(blocks.map(({ reason }) => reason)).size).toBe(7); // each reason, and none
});

test("segments change what their people do, each template for itself, and the truth is the mean of the people", () => {
  const people = Array.from({ length: 100 }, (_, index) => ({
    phone: index < 40 ? `+5511${index}` : `+346${index}`,
    tags: index % 2 === 0 ? ["vip"] : [],
  }));
  const segmented = world.parse({
    arms: { a: { deliver: 1, buyLiftPerDelivered: 0.1 }, b: { deliver: 1, buyLiftPerDelivered: 0.1 } },
    purchases: { baseRate: 0.05 },
    segments: [
      { name: "Brasil", who: { countries: ["BR"] }, behaviour: { buyLiftPerDelivered: 0.2 } },
      { name: "vip for b", who: { tags: ["vip"] }, templates: ["b"], behaviour: { buyLiftPerDelivered: 0.3 } },
    ],
  });
  const lift = (template: string, phone: string, tags: string[] = []) =>
    behaviourFor(segmented, template, { phone, tags }).buyLiftPerDelivered;
  expect([lift("a", "+34600"), lift("a", "+5511"), lift("b", "+5511", ["vip"]), lift("a", "+34600", ["vip"])]).toEqual([
    0.1, 0.2, 0.3, 0.1,
  ]);
  const { arms, segments } = truthOf(segmented, people);
  expect(arms[0]?.conversionPerAssigned).toBeCloseTo(0.05 + 0.4 * 0.2 + 0.6 * 0.1, 12);
  expect(arms[1]?.conversionPerAssigned).toBeCloseTo(0.05 + 0.5 * 0.3 + 0.2 * 0.2 + 0.3 * 0.1, 12);
  expect(segments.map(({ name, people: count }) => [name, count])).toEqual([
    ["Brasil", 40],
    ["vip for b", 50],
  ]);
});

test.each(["es", "en", "pt_BR", "fr", "de", "it"])("people write in the language of their message: %s", (language) => {
  const texts = (kind: "opt_out" | "friendly") =>
    Array.from({ length: 200 }, (_, index) => wordsFor(kind, language, index / 200));
  expect(new Set(texts("opt_out")).size).toBeGreaterThanOrEqual(5);
  expect(new Set(texts("friendly")).size).toBeGreaterThanOrEqual(4);
});

test("purchases that the message causes follow a click first", () => {
  const buyers = everybody("a").filter(({ story }) => story.purchase !== undefined);
  expect(buyers.every(({ story }) => story.clickAfterMs !== undefined)).toBe(true);
});

test("a person does the same in every run with the same seed, and something else with another", () => {
  const story = (seed: number) =>
    storyOf({ seed, phone: "+34600000001", ordinal: 0, isSpontaneousBuyer: false }, behaviourOf(settings, "a"), {
      hasLink: true,
      world: settings,
    });
  expect(story(1)).toEqual(story(1));
  expect(story(1)).not.toEqual(story(2));
});
