import { type Behaviour, behaviourFor, belongsTo, buyRateWhenReached, type Traits, type World } from "./world";

export interface Truth {
  holdout: { conversionPerAssigned: number };
  arms: { key: string; conversionPerAssigned: number }[];
  /** The same within each segment, over the people of the world who belong to it. */
  segments: { name: string; people: number; arms: { key: string; conversionPerAssigned: number }[] }[];
}

/**
 * Expected conversions per assigned person (reached or not), by template name, and of people who are sent nothing. With
 * segments the expectation is the mean over the people of the world.
 */
export function truthOf(settings: World, people: readonly Traits[] = []): Truth {
  const { baseRate } = settings.purchases;
  const expected = (arm: Behaviour) => arm.deliver * buyRateWhenReached(settings, arm) + (1 - arm.deliver) * baseRate;
  const armsFor = (group: readonly Traits[]) =>
    Object.entries(settings.arms).map(([key, arm]) => ({
      key,
      conversionPerAssigned:
        group.length === 0
          ? expected(arm)
          : group.reduce((sum, who) => sum + expected(behaviourFor(settings, key, who)), 0) / group.length,
    }));
  return {
    holdout: { conversionPerAssigned: baseRate },
    arms: armsFor(settings.segments.length === 0 ? [] : people),
    segments: settings.segments.map((one) => {
      const members = people.filter((who) => belongsTo(one, who));
      return { name: one.name, people: members.length, arms: members.length === 0 ? [] : armsFor(members) };
    }),
  };
}
