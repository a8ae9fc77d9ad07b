import type { Metadata } from "next";
import Link from "next/link";
import { requirePerson } from "@/app/_server/context";
import { getTranslator } from "@/app/_server/preferences";
import { ownPath } from "@/app/_server/return-path";
import { ClientMessages } from "@/app/_ui/client-messages";
import { PageHeader } from "@/app/_ui/page";
import { getOwnFactor } from "@/lib/identity/queries/get-own-factor";
import { ConfirmForm } from "./confirm-form.client";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator("factor"))("ask.title") };
}

type Query = Promise<Record<string, string | string[] | undefined>>;

/** Asks for a code before a page or a download that wants a recent one, and goes on to it. */
export default async function ConfirmPage({ searchParams }: { searchParams: Query }) {
  const ctx = await requirePerson("own_factor.manage");
  const { next } = await searchParams;
  const [{ since }, t] = await Promise.all([getOwnFactor(ctx), getTranslator("factor")]);
  return (
    <ClientMessages namespaces={["factor"]}>
      <PageHeader title={t(since ? "ask.title" : "ask.enrolTitle")} />
      <div className="grid max-w-measure gap-4 py-6">
        <p>{t(since ? "ask.text" : "ask.enrolText")}</p>
        {since ? (
          <ConfirmForm next={ownPath(typeof next === "string" ? next : undefined) ?? "/"} />
        ) : (
          <Link href="/settings/security">{t("ask.enrolLink")}</Link>
        )}
      </div>
    </ClientMessages>
  );
}
