import type { Metadata } from "next";
import { requirePerson } from "@/app/_server/context";
import { getTranslator } from "@/app/_server/preferences";
import { ClientMessages } from "@/app/_ui/client-messages";
import { Answer, Section } from "@/app/_ui/page";
import { ComplianceHead } from "../compliance-head";
import { PersonSearch } from "./person-search.client";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator("compliance"))("people.title") };
}

/** The way from a phone number to a person: it travels in the body of a request and never in an address. */
export default async function PeoplePage() {
  await requirePerson("consent.read");
  const t = await getTranslator("compliance");
  return (
    <ClientMessages namespaces={["compliance"]}>
      <ComplianceHead />
      <Answer sub={t("people.note")}>{t("people.answer")}</Answer>
      <Section title={t("people.search")} note={t("people.searchNote")}>
        <PersonSearch />
      </Section>
    </ClientMessages>
  );
}
