import { currentFormats, currentPerson } from "@/app/_server/context";
import { getTranslator } from "@/app/_server/preferences";
import { problem } from "@/app/_server/problem";
import { isAppError } from "@/lib/foundation/errors";
import { parsePublicId } from "@/lib/foundation/ids";
import { getResults } from "@/lib/results/queries/get-results";
import { type Analysed, analysedOf, isUnreliable } from "./export-record";
import type { Words } from "./wording";

/** A file of the results page: who asks, whether there is an analysis, whether it may leave unmarked. */
export async function download(
  request: Request,
  campaign: string,
  { extension, type, write }: { extension: string; type: string; write: (analysed: Analysed, words: Words) => string },
): Promise<Response> {
  const person = await currentPerson();
  if (!person) return problem({ code: "unauthenticated" });
  const campaignId = parsePublicId("cmp", campaign);
  if (!campaignId) return problem({ code: "not_found" });
  try {
    const analysed = analysedOf(await getResults(person.ctx, { campaignId }));
    const isAsked = new URL(request.url).searchParams.get("anyway") === "1";
    if (!analysed || (isUnreliable(analysed.record) && !isAsked)) return problem({ code: "results_not_ready" });
    const [t, verdicts, formats] = await Promise.all([
      getTranslator("results"),
      getTranslator("verdicts"),
      currentFormats(),
    ]);
    return new Response(write(analysed, { t, verdicts, formats }), {
      headers: {
        "Content-Type": `${type}; charset=utf-8`,
        "Content-Disposition": `attachment; filename="${campaign}-${analysed.view.isSandbox ? "sandbox-" : ""}results.${extension}"`,
        "Cache-Control": "no-store",
      },
    });
  } catch (error) {
    if (isAppError(error)) return problem(error);
    throw error;
  }
}
