import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { requirePerson } from "@/app/_server/context";
import { found } from "@/app/_server/found";
import { getTranslator } from "@/app/_server/preferences";
import { StatusBadge } from "@/app/_ui/badge";
import { Button } from "@/app/_ui/button";
import { Timeline, type TimelineEntry } from "@/app/_ui/checklist";
import { ClientMessages } from "@/app/_ui/client-messages";
import { TextField } from "@/app/_ui/fields";
import { Answer, KeyValue, Section } from "@/app/_ui/page";
import { EmptyState } from "@/app/_ui/states";
import { MaskedPhone, TimeText } from "@/app/_ui/text";
import type { Tone } from "@/app/_ui/tones";
import { listOpenInvalidations, type OpenInvalidation } from "@/lib/consent/queries/list-open-invalidations";
import { listWordingsInUse } from "@/lib/consent/queries/list-wordings-in-use";
import { parsePublicId, publicId } from "@/lib/foundation/ids";
import { addLocalDays, localDate, startOfLocalDay } from "@/lib/foundation/time";
import { may } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { noteReading } from "@/lib/reporting/commands/note-reading";
import { explainReach } from "@/lib/reporting/queries/explain-reach";
import { getPersonTimeline, type PersonTimeline, type TimelineItem } from "@/lib/reporting/queries/get-person-timeline";
import { reasonText } from "../../../reasons";
import { blockText, classificationText, consentTypeText, messageStateText, sourceText } from "../../codes";
import { ComplianceHead } from "../../compliance-head";
import { officerWords, type Words } from "../../officer-words";
import { proofPath, requestPath } from "../../paths";
import { AttestButton } from "./attest-button.client";
import { AskInvalidation, SignInvalidation } from "./invalidation.client";
import { NewRequest } from "./new-request.client";
import { ReachNow } from "./reach-now";
import { RevealPerson } from "./reveal-person.client";
import { WithdrawButton } from "./withdraw-button.client";

interface Props {
  params: Promise<{ contactId: string }>;
  searchParams: Promise<{ day?: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator("compliance"))("person.title") };
}

/** Everything between us and one person, newest first, and where their consent stood on a day. */
export default async function PersonPage({ params, searchParams }: Props) {
  const ctx = await requirePerson("consent.read");
  const [{ contactId: publicContactId }, { day }] = await Promise.all([params, searchParams]);
  const contactId = parsePublicId("con", publicContactId) ?? notFound();
  const words = await officerWords();
  const { t, o, formats } = words;
  const { timeZone } = formats.settings;
  const asked = endOfDay(day, timeZone);
  const now = ctx.now();
  const at = asked && asked < now ? asked : now;
  const person = await found(getPersonTimeline(ctx, { contactId, at }));
  await noteReading(ctx, { what: "person.viewed", subject: person.contactId });
  const reach = await explainReach(ctx, { contactId: person.contactId });
  const doubted = await listOpenInvalidations(ctx, { contactId: person.contactId });
  const wordings = (await listWordingsInUse(ctx))
    .filter(({ revokedAt }) => revokedAt === null)
    .map(({ id, purposeName, label, language }) => ({
      value: publicId("wrd", id),
      label: `${purposeName} · ${label} · ${language}`,
    }));
  const receiptText = (await getTranslator("consents"))("attest.receipt");
  /** What anybody said about consent can be taken away as a receipt, while the person can still be read. */
  const withReceipt = (item: TimelineItem, entry: TimelineEntry): TimelineEntry => {
    if (item.kind !== "consent" || person.isErased) return entry;
    const href = `/api/consents/${publicId("con", person.contactId)}/${publicId("evt", item.eventId)}/receipt`;
    return {
      ...entry,
      detail: (
        <>
          {entry.detail} ·{" "}
          <a href={href} download>
            {receiptText}
          </a>
        </>
      ),
    };
  };
  return (
    <ClientMessages namespaces={["compliance", "officer", "consents"]}>
      <ComplianceHead
        title={t("person.heading", { id: shortId(publicContactId) })}
        status={person.isErased && <StatusBadge tone="idle">{t("person.erased")}</StatusBadge>}
        actions={
          !person.isErased && (
            <>
              {may(ctx.actor, "consent.report") && wordings.length > 0 && (
                <AttestButton contactId={publicId("con", person.contactId)} wordings={wordings} />
              )}
              {may(ctx.actor, "rights.handle") && <NewRequest contactId={publicId("con", person.contactId)} />}
              {may(ctx.actor, "consent.withdraw") && <WithdrawButton contactId={publicContactId} />}
            </>
          )
        }
      />
      <Answer sub={<Who person={person} words={words} />}>
        {t("person.answer", { count: standing(person), state: answerState(person) })}
      </Answer>
      {!person.isErased && may(ctx.actor, "contact.unmask") && (
        <Section title={o("reveal.title")} note={o("reveal.note")}>
          <RevealPerson contactId={publicContactId} />
        </Section>
      )}
      <Section title={o("reach.title")} note={o("reach.note")}>
        <ReachNow reach={reach} words={words} />
      </Section>
      {doubted.length > 0 && (
        <Section title={o("invalidation.title")} note={o("invalidation.note")} id="doubted">
          <Doubted ctx={ctx} contactId={person.contactId} doubted={doubted} words={words} />
        </Section>
      )}
      <Section title={t("person.states")} note={t("person.statesNote")}>
        <form className="mb-4 flex flex-wrap items-end gap-3" aria-label={t("person.states")}>
          <TextField
            name="day"
            type="date"
            label={t("person.onDay")}
            className="w-full sm:w-48"
            max={localDate(ctx.now(), timeZone)}
            defaultValue={day ?? localDate(ctx.now(), timeZone)}
          />
          <Button type="submit">{t("person.show")}</Button>
        </form>
        <States
          person={person}
          at={at}
          words={words}
          mayAsk={(purposeId) => at === now && mayAsk(ctx, person, { purposeId, doubted })}
        />
      </Section>
      <Section title={t("person.timeline")} note={t("person.timelineNote")}>
        {person.items.length === 0 ? (
          <EmptyState title={t("person.nothing")}>{t("person.nothingText")}</EmptyState>
        ) : (
          byDay(person.items, timeZone).map(([date, items]) => (
            <section key={date} className="mb-6">
              <h3 className="mb-2 text-note text-muted">{items[0] && formats.date(items[0].at)}</h3>
              <Timeline
                entries={items.map((item, index) => withReceipt(item, entryOf(item, `${date}-${index}`, words)))}
              />
            </section>
          ))
        )}
      </Section>
    </ClientMessages>
  );
}

/** `con_01h4…8f2k`: enough to tell people apart on a page. */
function shortId(id: string): string {
  return `${id.slice(0, 8)}…${id.slice(-4)}`;
}

/** The last instant of a day in the organisation's zone. */
function endOfDay(day: string | undefined, zone: string): Date | undefined {
  if (!day || !/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(Date.parse(day))) return undefined;
  const start = startOfLocalDay(new Date(`${day}T12:00:00Z`), zone);
  return new Date(addLocalDays(start, 1, zone).getTime() - 1);
}

const standing = ({ states }: PersonTimeline) => states.filter(({ status }) => status === "granted").length;

function answerState(person: PersonTimeline): "erased" | "granted" | "none" {
  if (person.isErased) return "erased";
  return standing(person) > 0 ? "granted" : "none";
}

function Who({ person: { phone, name, country }, words: { t, formats } }: { person: PersonTimeline; words: Words }) {
  return (
    <span className="inline-flex flex-wrap gap-x-3">
      {name && <span>{name}</span>}
      {phone ? <MaskedPhone masked={phone} /> : <span>{t("person.noPhone")}</span>}
      {country && <span>{formats.country(country)}</span>}
    </span>
  );
}

const stateTones: Record<PersonTimeline["states"][number]["status"], Tone> = {
  none: "idle",
  pending: "warn",
  granted: "ok",
  denied: "bad",
  withdrawn: "bad",
  expired: "warn",
  invalidated: "bad",
};

/** Whether there is a consent now that an officer may ask to invalidate, and nobody has. */
function mayAsk(
  ctx: Context,
  { isErased }: PersonTimeline,
  { purposeId, doubted }: { purposeId: string; doubted: readonly OpenInvalidation[] },
): boolean {
  return !isErased && may(ctx.actor, "consent.invalidate") && doubted.every((one) => one.purposeId !== purposeId);
}

/** What an officer holds against a consent, for another to decide. */
function Doubted({
  ctx,
  contactId,
  doubted,
  words: { o, formats },
}: {
  ctx: Context;
  contactId: string;
  doubted: readonly OpenInvalidation[];
  words: Words;
}) {
  const isOwn = (askedById: string) => ctx.actor.kind === "user" && ctx.actor.userId === askedById;
  return (
    <KeyValue
      left
      rows={doubted.map(({ id, purposeName, reason, askedBy, askedById, askedAt }) => ({
        label: purposeName,
        value: (
          <div className="grid gap-2">
            <span className="break-words">
              {o("invalidation.askedBy", { name: askedBy, date: formats.date(askedAt) })} «{reason}»
            </span>
            {isOwn(askedById) && <span className="note">{o("invalidation.otherDecides")}</span>}
            {!isOwn(askedById) && may(ctx.actor, "consent.invalidate") && (
              <SignInvalidation contactId={publicId("con", contactId)} invalidationId={id} purposeName={purposeName} />
            )}
          </div>
        ),
      }))}
    />
  );
}

function States({
  person: { contactId, states, isRestricted },
  at,
  words: { t, formats },
  mayAsk,
}: {
  person: PersonTimeline;
  at: Date;
  words: Words;
  mayAsk: (purposeId: string) => boolean;
}) {
  return (
    <>
      <p className="note mb-2">{t("person.asOf", { when: formats.dateTime(at) })}</p>
      {states.length === 0 && <p>{t("person.status.none")}</p>}
      <KeyValue
        left
        rows={states.map(({ purposeId, purposeName, status, expiresAt }) => ({
          label: purposeName,
          value: (
            <>
              <StatusBadge tone={stateTones[status]}>{t(`person.status.${status}`)}</StatusBadge>
              {status === "granted" && expiresAt && (
                <span className="note ml-3">{t("person.until", { date: formats.date(expiresAt) })}</span>
              )}
              {(status === "granted" || status === "pending") && mayAsk(purposeId) && (
                <span className="ml-3">
                  <AskInvalidation
                    contactId={publicId("con", contactId)}
                    purposeId={publicId("pur", purposeId)}
                    purposeName={purposeName}
                  />
                </span>
              )}
            </>
          ),
        }))}
      />
      {isRestricted && <p className="mt-3">{t("person.restricted")}</p>}
    </>
  );
}

/** Items of each day of the organisation's zone, in the order given. */
function byDay(items: readonly TimelineItem[], zone: string): [string, TimelineItem[]][] {
  const days = new Map<string, TimelineItem[]>();
  for (const item of items) {
    const day = localDate(item.at, zone);
    days.set(day, [...(days.get(day) ?? []), item]);
  }
  return [...days];
}

function entryOf(item: TimelineItem, id: string, words: Words): TimelineEntry {
  const { t, formats } = words;
  const when = <TimeText at={item.at} formats={formats} />;
  switch (item.kind) {
    case "consent":
      return {
        id,
        when,
        tone: consentTone(item.type),
        title: consentTypeText(item.type, t),
        detail: t("person.consentDetail", {
          scope: item.scope,
          purpose: item.purposeName ?? "",
          source: sourceText(item.source, t),
          hasWording: item.wordingLabel ? "yes" : "no",
          wording: item.wordingLabel ?? "",
        }),
      };
    case "message":
      return {
        id,
        when,
        tone: "info",
        title:
          item.variant === null
            ? words.o("person.direct")
            : t("person.message", { variant: item.variant === "holdout" ? t("person.holdout") : item.variant }),
        detail: (
          <>
            {item.campaignId && (
              <>
                <Link href={`/campaigns/${publicId("cmp", item.campaignId)}`}>{item.campaignName}</Link> ·{" "}
              </>
            )}
            {messageStateText(item.state, t)}
            {item.reason && ` (${reasonText(item.reason, words.r)})`} ·{" "}
            <Link href={proofPath(item.messageId)}>{t("person.proof")}</Link>
          </>
        ),
      };
    case "inbound":
      return { id, when, title: t("person.inbound"), detail: classificationText(item.classification, t) };
    case "block":
      return {
        id,
        when,
        tone: item.liftedAt ? "idle" : "bad",
        title: blockText(item.block, t),
        detail: item.liftedAt
          ? t("person.lifted", { date: formats.date(item.liftedAt) })
          : t("person.blocked", {
              hasEnd: item.until ? "yes" : "no",
              date: item.until ? formats.date(item.until) : "",
            }),
      };
    case "merge":
      return { id, when, tone: "info", title: words.o("person.merged"), detail: words.o("person.mergedText") };
    case "request":
      return {
        id,
        when,
        tone: item.closedAt ? "idle" : "warn",
        title: <Link href={requestPath(item.requestId)}>{words.o("person.request", { kind: item.request })}</Link>,
        detail: item.closedAt
          ? words.o("person.requestClosed", { date: formats.date(item.closedAt) })
          : words.o("person.requestOpen"),
      };
  }
}

function consentTone(type: string): Tone {
  if (type === "granted" || type === "confirmed" || type === "renewed") return "ok";
  return type === "withdrawn" || type === "denied" || type === "invalidated" ? "bad" : "idle";
}
