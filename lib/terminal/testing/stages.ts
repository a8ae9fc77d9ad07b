import { ensureBuild } from "../build";
import { checkSteps } from "../check/steps";
import { runCommandStage } from "./commands/command-stage";
import { runJudges } from "./judges-stage";
import { runJourneys } from "./playwright-stage";
import { startPostgres15 } from "./postgres-15";
import { runCases, type Stage } from "./stage";
import { runVitest } from "./vitest-stage";

export interface StageOptions {
  /** The long forms, where there are any. */
  isLong: boolean;
}

/** The stages of `npm test`, in order: what fails fastest comes first. The judges belong to `npm run test:long` only. */
export function testStages({ isLong }: StageOptions): readonly Stage[] {
  return [
    { name: "check", run: (tell) => runCases(checkCases(), tell) },
    { name: "unit", run: (tell) => runVitest({ project: "unit" }, tell, { isLong }) },
    { name: "database", run: (tell) => runVitest({ project: "database" }, tell, { isLong }) },
    { name: "database on PostgreSQL 15", run: onPostgres15 },
    { name: "build", run: (tell) => runCases([{ name: "the console builds", run: () => ensureBuild(tell) }], tell) },
    { name: "commands", run: (tell) => runCommandStage({ isLong }, tell) },
    { name: "journeys", run: runJourneys },
    ...(isLong ? [{ name: "judges", run: runJudges }] : []),
  ];
}

function checkCases() {
  return checkSteps({ rewritesCatalogue: false }).map(({ name, run }) => ({
    name,
    run: async () => {
      const problems = await run();
      if (problems) throw new Error(problems);
    },
  }));
}

const onPostgres15: Stage["run"] = async (tell) => {
  const server = await startPostgres15();
  if (!server) {
    tell("– PostgreSQL 15 is not installed here (Debian: postgresql-15): skipped");
    return { passed: 0, skipped: 1, failures: [] };
  }
  try {
    return await runVitest({ project: "database" }, tell, { env: { TEST_DATABASE_URL: server.url } });
  } finally {
    await server.stop();
  }
};
