import { StatusBadge } from "@/app/_ui/badge";
import type { ReplyClass } from "@/lib/conversations/reply-classes";
import type { Translator } from "@/lib/i18n/translator";
import { classMarks } from "./reply-words";

/** What an answer is: icon, word and colour. */
export function ClassBadge({ replyClass, t }: { replyClass: ReplyClass; t: Translator<"replies"> }) {
  const { tone, icon } = classMarks[replyClass];
  return (
    <StatusBadge tone={tone} icon={icon}>
      {t(`classes.${replyClass}`)}
    </StatusBadge>
  );
}
