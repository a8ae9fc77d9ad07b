import type { Metadata } from "next";
import { getTranslator } from "@/app/_server/preferences";
import { deskContext } from "@/app/_server/runtime";
import { LinkButton } from "@/app/_ui/button";
import { findAccessLink } from "@/lib/identity/queries/find-access-link";
import { AcceptForm } from "./accept-form.client";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator("auth"))("accept.title") };
}

/** What an invitation or a reset opens. A link that no longer works says so and whom to ask, and nothing more. */
export default async function AcceptPage({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params;
  const [link, t] = await Promise.all([findAccessLink(await deskContext(), { token }), getTranslator("auth")]);
  if (!link) {
    return (
      <>
        <h1>{t("accept.goneHeading")}</h1>
        <p>{t("accept.gone")}</p>
        <p>
          <LinkButton href="/sign-in">{t("accept.toSignIn")}</LinkButton>
        </p>
      </>
    );
  }
  return (
    <>
      <h1>{t("accept.heading", { name: link.name })}</h1>
      <p>{t("accept.forAccount", { email: link.email })}</p>
      <AcceptForm token={token} email={link.email} />
    </>
  );
}
