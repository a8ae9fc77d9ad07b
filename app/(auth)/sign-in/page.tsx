import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { currentPerson, currentSignInStep } from "@/app/_server/context";
import { getTranslator } from "@/app/_server/preferences";
import { landingPath, localPath, stepPath } from "@/app/_server/return-path";
import { SignInForm } from "./sign-in-form.client";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator("auth"))("signIn.title") };
}

type Query = Promise<Record<string, string | string[] | undefined>>;

export default async function SignInPage({ searchParams }: { searchParams: Query }) {
  const { from } = await searchParams;
  const back = localPath(typeof from === "string" ? from : undefined);
  const person = await currentPerson();
  if (person) redirect(back ?? landingPath(person.actor.roles));
  const pending = await currentSignInStep();
  if (pending) redirect(stepPath(pending.step, back));
  const t = await getTranslator("auth");
  return (
    <>
      <h1>{t("signIn.heading")}</h1>
      <SignInForm from={back} />
      <p className="note">{t("signIn.help")}</p>
    </>
  );
}
