import Link from "next/link";
import { StatusBadge } from "@/app/_ui/badge";
import { Button, LinkButton } from "@/app/_ui/button";
import { DataTable, Pagination, TwoLines } from "@/app/_ui/data-table";
import { type Choice, SelectField } from "@/app/_ui/fields";
import { Answer, Section } from "@/app/_ui/page";
import { EmptyState } from "@/app/_ui/states";
import { MaskedPhone, TimeText } from "@/app/_ui/text";
import { countReplies, type ReplyCounts } from "@/lib/conversations/queries/count-replies";
import { listReplies, type ReplyView, replyStates } from "@/lib/conversations/queries/list-replies";
import { replyClasses } from "@/lib/conversations/reply-classes";
import { publicId } from "@/lib/foundation/ids";
import type { Formats } from "@/lib/i18n/formats";
import type { Translator } from "@/lib/i18n/translator";
import { may } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { noteReading } from "@/lib/reporting/commands/note-reading";
import { campaignPath } from "../campaigns/paths";
import { ClassBadge } from "./class-badge";
import { HandleButton } from "./conversation.client";
import { type RepliesQuery, repliesPath, replyFilter } from "./replies-query";
import { conversationPath, wroteText } from "./reply-words";

interface Words {
  t: Translator<"replies">;
  formats: Formats;
}

/** The answer of the page and its list: of all campaigns, or of the one that the query names. */
export async function ReplyList({
  ctx,
  base,
  query,
  campaignId,
  campaigns,
  words,
}: {
  ctx: Context;
  base: string;
  query: RepliesQuery;
  /** Of the campaign whose page this is. */
  campaignId?: string;
  /** Else to choose from. */
  campaigns?: readonly Choice[];
  words: Words;
}) {
  const { t, formats } = words;
  const asked = replyFilter(query);
  const filter = campaignId === undefined ? asked : { ...asked, campaignId };
  const [counts, { replies, nextCursor }] = await Promise.all([
    countReplies(ctx, filter.campaignId === undefined ? {} : { campaignId: filter.campaignId }),
    listReplies(ctx, { filter, cursor: query.cursor }),
  ]);
  if (replies.length > 0) await noteReading(ctx, { what: "replies.viewed", subject: campaignId ?? null });
  const isFiltered = Boolean(query.state || query.class || (campaigns && query.campaign));
  return (
    <>
      <Answer sub={t("answerNote")}>
        {t("answer", {
          open: counts.open,
          openText: formats.integer(counts.open),
          unread: counts.unread,
          unreadText: formats.integer(counts.unread),
        })}
      </Answer>
      <Section wide title={t("list")}>
        <Filters {...{ base, query, campaigns, counts, isFiltered, words }} />
        {replies.length === 0 ? (
          <EmptyState title={t(isFiltered ? "filtered.title" : "empty.title")}>
            {t(isFiltered ? "filtered.text" : "empty.text")}
          </EmptyState>
        ) : (
          <DataTable
            caption={t("list")}
            rows={replies}
            rowKey={({ id }) => id}
            columns={[
              { key: "text", head: t("columns.text"), cell: (reply) => <Wrote reply={reply} words={words} /> },
              {
                key: "class",
                head: t("columns.class"),
                cell: ({ replyClass }) => <ClassBadge replyClass={replyClass} t={t} />,
              },
              {
                key: "campaign",
                head: t("columns.campaign"),
                cell: ({ campaign, variant }) =>
                  campaign ? (
                    <TwoLines second={variant ? t("variant", { variant }) : undefined}>
                      <Link href={campaignPath(campaign.id)}>{campaign.name}</Link>
                    </TwoLines>
                  ) : (
                    t("noCampaign")
                  ),
              },
              {
                key: "at",
                head: t("columns.at"),
                cell: ({ at }) => <TimeText at={at} formats={formats} now={ctx.now()} />,
              },
              {
                key: "act",
                head: t("columns.act"),
                cell: (reply) => <Standing reply={reply} mayAct={may(ctx.actor, "conversation.reply")} words={words} />,
              },
            ]}
          />
        )}
        <Pagination
          label={t("pages")}
          previousHref={query.cursor ? repliesPath(base, query, { cursor: "" }) : undefined}
          nextHref={nextCursor ? repliesPath(base, query, { cursor: nextCursor }) : undefined}
        />
      </Section>
    </>
  );
}

function Filters({
  base,
  query,
  campaigns,
  counts,
  isFiltered,
  words: { t, formats },
}: {
  base: string;
  query: RepliesQuery;
  campaigns: readonly Choice[] | undefined;
  counts: ReplyCounts;
  isFiltered: boolean;
  words: Words;
}) {
  const filter = replyFilter(query);
  const isOpen = filter.state === "open";
  return (
    <form className="mb-6 flex flex-wrap items-end gap-3" aria-label={t("filter")} action={base}>
      <SelectField
        name="state"
        label={t("state")}
        className="w-full sm:w-44"
        defaultValue={filter.state}
        options={replyStates.map((value) => ({ value, label: t(`states.${value}`) }))}
      />
      <SelectField
        name="class"
        label={t("class")}
        className="w-full sm:w-52"
        defaultValue={filter.replyClass ?? ""}
        placeholder={t("anyClass")}
        options={replyClasses.map((value) => ({
          value,
          label: isOpen
            ? t("classCount", { name: t(`classes.${value}`), countText: formats.integer(counts.byClass[value]) })
            : t(`classes.${value}`),
        }))}
      />
      {campaigns && (
        <SelectField
          name="campaign"
          label={t("campaign")}
          className="w-full sm:w-64"
          defaultValue={filter.campaignId ? publicId("cmp", filter.campaignId) : ""}
          placeholder={t("anyCampaign")}
          options={campaigns}
        />
      )}
      <Button type="submit">{t("apply")}</Button>
      {isFiltered && (
        <LinkButton look="quiet" href={base}>
          {t("clear")}
        </LinkButton>
      )}
    </form>
  );
}

function Wrote({ reply, words: { t } }: { reply: ReplyView; words: Words }) {
  const { contactId, phone, text, isUnread, isRevoked } = reply;
  return (
    <TwoLines
      second={
        <>
          {phone ? <MaskedPhone masked={phone} /> : t("noPhone")}
          {isRevoked && ` · ${t("revoked")}`}
        </>
      }
    >
      <Link
        href={conversationPath(contactId)}
        className={`line-clamp-2 max-w-[44ch] break-words ${isUnread ? "font-semibold" : ""} ${text === null ? "italic" : ""}`}
      >
        {wroteText(reply, t)}
      </Link>
    </TwoLines>
  );
}

function Standing({ reply, mayAct, words: { t, formats } }: { reply: ReplyView; mayAct: boolean; words: Words }) {
  const { id, contactId, isUnread, handledAt } = reply;
  const ids = { contactId: publicId("con", contactId), inboundId: publicId("cnv", id) };
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      {handledAt ? (
        <TwoLines second={<TimeText at={handledAt} formats={formats} />}>
          <StatusBadge tone="ok">{t("handled")}</StatusBadge>
        </TwoLines>
      ) : (
        <StatusBadge tone={isUnread ? "info" : "idle"}>{t(isUnread ? "unread" : "open")}</StatusBadge>
      )}
      {mayAct && <HandleButton {...ids} isHandled={handledAt !== null} about={wroteText(reply, t)} />}
    </div>
  );
}
