import type { Metadata } from "next";
import { currentFormats, requirePerson } from "@/app/_server/context";
import { getTranslator } from "@/app/_server/preferences";
import { ClientMessages } from "@/app/_ui/client-messages";
import { listAnsweredCampaigns } from "@/lib/conversations/queries/list-answered-campaigns";
import { publicId } from "@/lib/foundation/ids";
import { RepliesHead } from "./replies-head";
import type { RepliesQuery } from "./replies-query";
import { ReplyList } from "./reply-list";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator("replies"))("title") };
}

/** Who wrote to us and waits for somebody? What nobody has read comes first. */
export default async function RepliesPage({ searchParams }: { searchParams: Promise<RepliesQuery> }) {
  const ctx = await requirePerson("conversation.read");
  const [query, t, formats, campaigns] = await Promise.all([
    searchParams,
    getTranslator("replies"),
    currentFormats(),
    listAnsweredCampaigns(ctx),
  ]);
  return (
    <ClientMessages namespaces={["replies"]}>
      <RepliesHead />
      <ReplyList
        ctx={ctx}
        base="/replies"
        query={query}
        campaigns={campaigns.map(({ id, name }) => ({ value: publicId("cmp", id), label: name }))}
        words={{ t, formats }}
      />
    </ClientMessages>
  );
}
