import { LinkButton } from "@/app/_ui/button";
import { TimeText } from "@/app/_ui/text";
import { type Tone, toneIcons } from "@/app/_ui/tones";
import { publicId } from "@/lib/foundation/ids";
import type { Formats } from "@/lib/i18n/formats";
import type { Translator } from "@/lib/i18n/translator";
import type { NoticeView } from "@/lib/notices/queries/list-notices";
import { campaignPath } from "../campaigns/paths";
import { requestPath } from "../compliance/paths";
import { DismissButton } from "./dismiss-button.client";

const tones: Record<NoticeView["level"], Tone> = { bad: "bad", warn: "warn", info: "info" };

/** Notices one below the other, as they were handed over: what happened, what it means, where to go. */
export function NoticeList({
  notices,
  t,
  formats,
  now,
}: {
  notices: readonly NoticeView[];
  t: Translator<"notices">;
  formats: Formats;
  now: Date;
}) {
  return (
    <ul>
      {notices.map((notice) => {
        const Icon = toneIcons[tones[notice.level]];
        const title = t(`kinds.${notice.kind}.title`, notice.params);
        const way = wayOf(notice);
        return (
          <li
            key={notice.id}
            className={`flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line-soft py-3 tone-${tones[notice.level]}`}
          >
            <Icon aria-hidden className="tone-icon self-start mt-1" />
            <div className="min-w-0 flex-1 basis-60">
              <p className="font-medium break-words">{title}</p>
              <p className="max-w-measure">{t(`kinds.${notice.kind}.text`, notice.params)}</p>
              <p className="note">
                <TimeText at={notice.lastAt} formats={formats} now={now} />
                {notice.count > 1 && ` · ${t("times", { countText: formats.integer(notice.count) })}`}
                {notice.resolvedAt && ` · ${closedBy(notice, t)}`}
              </p>
            </div>
            {way && (
              <LinkButton href={way.href}>
                {t(`look.${way.type}`)} <span className="sr-only">{title}</span>
              </LinkButton>
            )}
            {notice.resolvedAt === null && <DismissButton id={notice.id} about={title} />}
          </li>
        );
      })}
    </ul>
  );
}

function closedBy({ resolvedBy }: NoticeView, t: Translator<"notices">): string {
  return resolvedBy === null ? t("mended") : t("dismissedBy", { name: resolvedBy });
}

function wayOf({ subject }: NoticeView):
  | {
      type: "template" | "number" | "campaign" | "contact" | "webhooks" | "request" | "breach" | "replies";
      href: string;
    }
  | undefined {
  if (!subject) return undefined;
  const { type, id } = subject;
  if (type === "replies") return { type, href: "/replies" };
  if (type === "webhooks") return { type, href: "/settings/webhooks" };
  if (type === "breach") return { type, href: "/compliance/records/breaches" };
  if (id === null) return undefined;
  if (type === "request") return { type, href: requestPath(id) };
  if (type === "template") return { type, href: `/templates/${publicId("tpl", id)}` };
  if (type === "contact") return { type, href: `/compliance/people/${publicId("con", id)}` };
  if (type === "number") return { type, href: `/settings/numbers/${publicId("num", id)}` };
  return type === "campaign" ? { type, href: campaignPath(id, "live") } : undefined;
}
