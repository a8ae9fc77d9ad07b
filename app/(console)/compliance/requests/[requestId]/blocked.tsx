import { StatusBadge } from "@/app/_ui/badge";
import { Section } from "@/app/_ui/page";
import type { Context } from "@/lib/identity/context";
import { listBlockedAccesses } from "@/lib/rights/queries/list-blocked-accesses";
import type { RightsWords } from "../../rights-words";
import { AllowBlocked, AskBlocked } from "./blocked.client";

const grounds = ["court", "prosecutor", "authority", "claim"] as const;

/** Data that the law keeps locked away: who asked to read it, on which ground, and who allowed it. */
export async function Blocked({
  ctx,
  contactId,
  words: { t, formats },
}: {
  ctx: Context;
  contactId: string;
  words: RightsWords;
}) {
  const accesses = await listBlockedAccesses(ctx, { contactId });
  const now = ctx.now();
  return (
    <Section title={t("blocked.title")} note={t("blocked.note")}>
      <ul className="mb-6 grid gap-4">
        {accesses.map(({ accessId, ground, reference, isAllowed, isOwn, expiresAt }) => {
          const isReadable = expiresAt !== null && expiresAt > now;
          const state = isReadable ? "open" : isAllowed ? "expired" : "waiting";
          return (
            <li key={accessId} className="flex flex-wrap items-center gap-3">
              <span>
                {t(`blocked.grounds.${ground}`)} · {reference}
              </span>
              <StatusBadge tone={isReadable ? "ok" : "idle"}>
                {t("blocked.state", { state, when: expiresAt ? formats.dateTime(expiresAt) : "" })}
              </StatusBadge>
              {!isAllowed && !isOwn && <AllowBlocked accessId={accessId} />}
              {isReadable && (
                <a href={`/api/compliance/blocked?access=${accessId}`} download>
                  {t("blocked.open")}
                </a>
              )}
            </li>
          );
        })}
      </ul>
      <AskBlocked
        contactId={contactId}
        grounds={grounds.map((value) => ({ value, label: t(`blocked.grounds.${value}`) }))}
      />
    </Section>
  );
}
