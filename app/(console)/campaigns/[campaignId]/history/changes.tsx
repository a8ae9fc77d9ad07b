import type { Difference } from "@/lib/campaigns/edit";
import type { Formats } from "@/lib/i18n/formats";
import type { Translator } from "@/lib/i18n/translator";
import { type ChangeNames, changeText } from "../changes";

/** What an edit changed, field by field: first value against last. */
export function Changes({
  changes,
  ...words
}: {
  changes: readonly Difference[];
  names: ChangeNames;
  t: Translator<"campaigns">;
  formats: Formats;
}) {
  return (
    <dl className="grid gap-x-6 gap-y-1 sm:grid-cols-[max-content_1fr]">
      {changes.map((change) => {
        const { field, label, from, to } = changeText(change, words);
        return (
          <div key={field} className="contents">
            <dt className="note">{label}</dt>
            <dd className="break-words">{words.t("history.fromTo", { from, to })}</dd>
          </div>
        );
      })}
    </dl>
  );
}
