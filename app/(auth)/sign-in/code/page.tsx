import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { currentPerson, currentSignInStep } from "@/app/_server/context";
import { getTranslator } from "@/app/_server/preferences";
import { localPath, signInPath, stepPath } from "@/app/_server/return-path";
import { buttonClass } from "@/app/_ui/button";
import { leave } from "../actions";
import { CodeForm } from "./code-form.client";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator("factor"))("title") };
}

type Query = Promise<Record<string, string | string[] | undefined>>;

/** After the password: the code of the app. */
export default async function CodePage({ searchParams }: { searchParams: Query }) {
  const { from } = await searchParams;
  const back = localPath(typeof from === "string" ? from : undefined);
  if (await currentPerson()) redirect(back ?? "/");
  const pending = await currentSignInStep();
  if (!pending) redirect(signInPath(back));
  if (pending.step !== "code") redirect(stepPath(pending.step, back));
  const t = await getTranslator("factor");
  return (
    <>
      <h1>{t("step.heading")}</h1>
      <p>{t("step.text", { email: pending.email })}</p>
      <CodeForm from={back} />
      <p className="note">{t("step.lost")}</p>
      <form action={leave}>
        <button type="submit" className={buttonClass({ look: "quiet", size: "small" })}>
          {t("step.cancel")}
        </button>
      </form>
    </>
  );
}
