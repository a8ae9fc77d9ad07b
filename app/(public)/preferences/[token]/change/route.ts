import { originOf } from "@/app/_server/origin";
import { fieldLanguage, plainAnswer, publicFields, seeOther } from "@/app/_server/public-post";
import { consoleRuntime, deskContext, publicPagesUrl } from "@/app/_server/runtime";
import { changePreferences, type PreferenceChoice } from "@/lib/consent/commands/change-preferences";
import { isAppError } from "@/lib/foundation/errors";
import { isUuid } from "@/lib/foundation/ids";

type Route = { params: Promise<{ token: string }> };

/** What a person decided on their preference page. It is never refused for coming too often: stopping must always work. */
export async function POST(request: Request, { params }: Route): Promise<Response> {
  const { token } = await params;
  const page = `/preferences/${encodeURIComponent(token)}`;
  const fields = await publicFields(request);
  const choice = fields && choiceOf(fields);
  if (!fields || !choice) return plainAnswer(400, "Bad request");
  const language = fieldLanguage(fields);
  const { submission = "" } = fields;
  if (!isUuid(submission)) return plainAnswer(400, "Bad request");
  try {
    const pagesUrl = publicPagesUrl(await consoleRuntime());
    const { address, userAgent } = originOf(request.headers);
    const visit = { address, userAgent, url: `${pagesUrl}/preferences` };
    const done = await changePreferences(await deskContext(), { token, choice, language, submission, visit });
    return seeOther(page, { lang: language, done });
  } catch (error) {
    if (isAppError(error) && error.code === "not_found") return seeOther(page, { lang: language });
    throw error;
  }
}

/** Agreeing takes the ticked box; without it there is nothing to do. */
function choiceOf({ act, purpose = "", wording = "", agree }: Record<string, string>): PreferenceChoice | undefined {
  if (act === "stop_all") return { kind: "stop_all" };
  if (!isUuid(purpose)) return undefined;
  if (act === "stop") return { kind: "stop", purposeId: purpose };
  const isAgreed = act === "agree" && agree === "yes" && isUuid(wording);
  return isAgreed ? { kind: "agree", purposeId: purpose, wordingVersionId: wording } : undefined;
}
