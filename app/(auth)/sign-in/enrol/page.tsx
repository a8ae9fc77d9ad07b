import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { currentPerson, currentSignInStep } from "@/app/_server/context";
import { getTranslator } from "@/app/_server/preferences";
import { localPath, signInPath, stepPath } from "@/app/_server/return-path";
import { buttonClass } from "@/app/_ui/button";
import { FactorSetup } from "@/app/_ui/factor-setup.client";
import { beginFactor, confirmCode, leave } from "../actions";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator("factor"))("enrol.title") };
}

type Query = Promise<Record<string, string | string[] | undefined>>;

/**
 * After the password, for somebody whose role needs an app and who has none. Once it is set up they are inside, and this
 * page still shows them their recovery codes.
 */
export default async function EnrolPage({ searchParams }: { searchParams: Query }) {
  const { from } = await searchParams;
  const back = localPath(typeof from === "string" ? from : undefined);
  const [person, pending] = await Promise.all([currentPerson(), currentSignInStep()]);
  if (!person && !pending) redirect(signInPath(back));
  if (pending?.step === "code") redirect(stepPath("code", back));
  const t = await getTranslator("factor");
  return (
    <>
      <h1>{t("enrol.heading")}</h1>
      <p>{t("enrol.text")}</p>
      <FactorSetup begin={beginFactor} confirm={confirmCode} next={back ?? "/"} />
      <form action={leave}>
        <button type="submit" className={buttonClass({ look: "quiet", size: "small" })}>
          {t("step.cancel")}
        </button>
      </form>
    </>
  );
}
