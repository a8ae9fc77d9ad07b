import clsx from "clsx";
import Link from "next/link";
import { StatusBadge } from "@/app/_ui/badge";
import { TimeText } from "@/app/_ui/text";
import type { ConversationItem, InboundView } from "@/lib/conversations/queries/get-conversation";
import { publicId } from "@/lib/foundation/ids";
import type { Formats } from "@/lib/i18n/formats";
import type { Translator } from "@/lib/i18n/translator";
import { campaignPath } from "../campaigns/paths";
import { reasonText } from "../reasons";
import { ClassBadge } from "./class-badge";
import { ClassField, HandleButton } from "./conversation.client";
import { wroteText } from "./reply-words";

export interface ThreadWords {
  t: Translator<"replies">;
  reasons: Translator<"reasons">;
  formats: Formats;
}

/** What was said, oldest first: theirs on the left, ours on the right, each with who said it in words. */
export function Thread({
  items,
  mayAct,
  words,
}: {
  items: readonly ConversationItem[];
  mayAct: boolean;
  words: ThreadWords;
}) {
  return (
    <ol className="grid gap-4">
      {items.map((item) =>
        item.kind === "in" ? (
          <Turn key={item.id} isOurs={false} at={item.at} words={words}>
            <Received item={item} mayAct={mayAct} words={words} />
          </Turn>
        ) : (
          <Turn key={item.messageId} isOurs at={item.at} words={words}>
            <Sent item={item} words={words} />
          </Turn>
        ),
      )}
    </ol>
  );
}

function Turn({
  isOurs,
  at,
  words: { t, formats },
  children,
}: {
  isOurs: boolean;
  at: Date;
  words: ThreadWords;
  children: React.ReactNode;
}) {
  return (
    <li
      className={clsx(
        "grid max-w-[min(100%,34rem)] gap-2 rounded-md border border-line px-4 py-3",
        isOurs ? "ml-auto bg-surface" : "mr-auto",
      )}
    >
      <p className="note">
        <b className="text-ink">{t(isOurs ? "us" : "them")}</b> · <TimeText at={at} formats={formats} />
      </p>
      {children}
    </li>
  );
}

/** The file that came with a message, or why it is not there. */
function FileLine({
  file: { state, mimeType, byteSize },
  href,
  words: { t, formats },
}: {
  file: NonNullable<InboundView["file"]>;
  href: string;
  words: ThreadWords;
}) {
  const facts = { type: mimeType ?? "", sizeText: formats.decimal((byteSize ?? 0) / 1_000_000, 1) };
  return (
    <p className="note">
      {state === "kept" && (
        <>
          <a href={href} target="_blank" rel="noreferrer">
            {t("file.open")}
          </a>{" "}
        </>
      )}
      {t(`file.${state}`, facts)}
    </p>
  );
}

function Received({ item, mayAct, words }: { item: InboundView; mayAct: boolean; words: ThreadWords }) {
  const { t, formats } = words;
  const { id, contactId, text, replyClass, campaign, isInferred, classedBy, handledAt, handledBy } = item;
  const about = wroteText(item, t);
  const ids = { contactId: publicId("con", contactId), inboundId: publicId("cnv", id) };
  const when = handledAt && formats.dateTime(handledAt);
  return (
    <>
      <p className={clsx("whitespace-pre-wrap break-words", text === null && "italic")}>{about}</p>
      {item.file && (
        <FileLine file={item.file} href={`/api/inbound-media/${ids.contactId}/${ids.inboundId}`} words={words} />
      )}
      {(item.editedAt || item.revokedAt) && <p className="note">{t(item.revokedAt ? "revoked" : "edited")}</p>}
      {campaign && (
        <p className="note">
          <Link href={campaignPath(campaign.id)}>{campaign.name}</Link> {isInferred && t("inferred")}
        </p>
      )}
      {replyClass !== null && (
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <ClassBadge replyClass={replyClass} t={t} />
          {item.isUnread && <StatusBadge tone="info">{t("unread")}</StatusBadge>}
          {when && (
            <span className="note">
              {handledBy ? t("handledBy", { name: handledBy, at: when }) : t("handledBySystem", { at: when })}
            </span>
          )}
          {classedBy && <span className="note">{t("classedBy", { name: classedBy })}</span>}
        </div>
      )}
      {mayAct && replyClass !== null && (
        <details>
          <summary className="cursor-pointer py-1 text-note">{t("act.more")}</summary>
          <div className="grid gap-3 pt-2">
            <ClassField key={replyClass} {...ids} replyClass={replyClass} about={about} />
            <div>
              <HandleButton {...ids} isHandled={handledAt !== null} about={about} />
            </div>
          </div>
        </details>
      )}
    </>
  );
}

function Sent({
  item,
  words: { t, reasons },
}: {
  item: Extract<ConversationItem, { kind: "out" }>;
  words: ThreadWords;
}) {
  const { text, template, campaignId, campaignName, variant, state, reason } = item;
  return (
    <>
      {text ? (
        <p className="whitespace-pre-wrap break-words">{text.body}</p>
      ) : (
        template && <p className="italic">{t("template", { name: template.name })}</p>
      )}
      <p className="note">
        {campaignId && campaignName !== null && (
          <>
            <Link href={campaignPath(campaignId)}>{campaignName}</Link>
            {variant && ` · ${t("variant", { variant })}`} ·{" "}
          </>
        )}
        {t("messageState", { state })}
        {reason && `: ${reasonText(reason, reasons)}`}
      </p>
    </>
  );
}
