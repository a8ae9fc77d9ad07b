import type { Metadata } from "next";
import Link from "next/link";
import { requirePerson } from "@/app/_server/context";
import { getTranslator } from "@/app/_server/preferences";
import { StatusBadge } from "@/app/_ui/badge";
import { LinkButton } from "@/app/_ui/button";
import { DataTable, Pagination, TwoLines } from "@/app/_ui/data-table";
import { Answer, KeyValue, Section } from "@/app/_ui/page";
import { MaskedPhone, TimeText } from "@/app/_ui/text";
import type { Context } from "@/lib/identity/context";
import { getSendsVerification } from "@/lib/reporting/queries/get-sends-verification";
import { countApprovals } from "@/lib/reporting/queries/list-approvals";
import {
  countRefusals,
  listOverrides,
  listRefusals,
  listUnknownOutcomes,
} from "@/lib/reporting/queries/list-exceptions";
import { listWindowSends } from "@/lib/reporting/queries/list-window-sends";
import { reasonText } from "../../reasons";
import { entryTypeText } from "../codes";
import { ComplianceHead } from "../compliance-head";
import { officerWords, type Words } from "../officer-words";
import { personPath, proofPath } from "../paths";

interface Query {
  reason?: string;
  cursor?: string;
}

const DAYS = 90;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator("officer"))("exceptions.title") };
}

/** What did not go as it should, or needs to be looked at? Each with the way to its evidence. */
export default async function ExceptionsPage({ searchParams }: { searchParams: Promise<Query> }) {
  const ctx = await requirePerson("proof.read");
  const query = await searchParams;
  const since = new Date(ctx.now().getTime() - DAYS * 86_400_000);
  const [words, { sends }, windowed, unknown, overrides, { review }, refusals] = await Promise.all([
    officerWords(),
    getSendsVerification(ctx),
    listWindowSends(ctx, { since }),
    listUnknownOutcomes(ctx),
    listOverrides(ctx),
    countApprovals(ctx),
    countRefusals(ctx),
  ]);
  const { o, t, r, formats } = words;
  const total = sends.withoutConsent + windowed.count + unknown.count + overrides.length + review;
  const reason = refusals.find((one) => one.reason === query.reason)?.reason;
  /** To the proof and to the person. */
  const links = {
    key: "do",
    head: t("exceptions.do"),
    cell: ({ messageId, contactId }: { messageId: string; contactId: string }) => (
      <span className="flex flex-wrap gap-3">
        <Link href={proofPath(messageId)}>{t("exceptions.open")}</Link>
        <Link href={personPath(contactId)}>{o("exceptions.person")}</Link>
      </span>
    ),
  };
  return (
    <>
      <ComplianceHead />
      <Answer sub={o("exceptions.note")}>
        {o("exceptions.answer", { count: total, countText: formats.integer(total) })}
      </Answer>
      <Section title={o("exceptions.unproven")} note={o("exceptions.unprovenNote")}>
        <p>
          {o("exceptions.unprovenCount", {
            count: sends.withoutConsent,
            countText: formats.integer(sends.withoutConsent),
            ofText: formats.integer(sends.attempts),
          })}{" "}
          {sends.withoutConsent > 0 && <Link href="/compliance">{o("exceptions.toHome")}</Link>}
        </p>
      </Section>
      <Section title={o("exceptions.window")} note={o("exceptions.windowNote", { days: formats.integer(DAYS) })}>
        {windowed.count === 0 ? (
          <p>{o("exceptions.windowNone")}</p>
        ) : (
          <DataTable
            compact
            caption={o("exceptions.window")}
            rows={windowed.newest}
            rowKey={({ messageId, authorisedAt }) => `${messageId} ${authorisedAt.getTime()}`}
            columns={[
              {
                key: "sent",
                head: o("exceptions.authorised"),
                cell: ({ authorisedAt, campaignName }) => (
                  <TwoLines second={campaignName ?? o("person.direct")}>
                    <TimeText at={authorisedAt} formats={formats} />
                  </TwoLines>
                ),
              },
              {
                key: "withdrawn",
                head: o("exceptions.withdrawn"),
                cell: ({ withdrawnAt, authorisedAt }) => (
                  <TwoLines
                    second={o("exceptions.apart", {
                      msText: formats.integer(Math.abs(withdrawnAt.getTime() - authorisedAt.getTime())),
                    })}
                  >
                    <TimeText at={withdrawnAt} formats={formats} />
                  </TwoLines>
                ),
              },
              links,
            ]}
          />
        )}
        {windowed.count > windowed.newest.length && (
          <p className="note mt-3">
            {o("exceptions.more", { countText: formats.integer(windowed.count - windowed.newest.length) })}
          </p>
        )}
      </Section>
      <Section title={o("exceptions.unknown")} note={o("exceptions.unknownNote")} id="unknown">
        {unknown.count === 0 ? (
          <p>{o("exceptions.unknownNone")}</p>
        ) : (
          <DataTable
            compact
            caption={o("exceptions.unknown")}
            rows={unknown.newest}
            rowKey={({ messageId }) => messageId}
            columns={[
              {
                key: "message",
                head: o("exceptions.message"),
                cell: ({ campaignName, phone }) => (
                  <TwoLines second={campaignName ?? o("person.direct")}>
                    {phone ? <MaskedPhone masked={phone} /> : t("person.noPhone")}
                  </TwoLines>
                ),
              },
              { key: "at", head: o("exceptions.since"), cell: ({ at }) => <TimeText at={at} formats={formats} /> },
              {
                key: "state",
                head: o("exceptions.state"),
                cell: ({ isFinal }) => (
                  <StatusBadge tone={isFinal ? "bad" : "warn"}>
                    {o(isFinal ? "exceptions.final" : "exceptions.waiting")}
                  </StatusBadge>
                ),
              },
              links,
            ]}
          />
        )}
        {unknown.count > unknown.newest.length && (
          <p className="note mt-3">
            {o("exceptions.more", { countText: formats.integer(unknown.count - unknown.newest.length) })}
          </p>
        )}
      </Section>
      <Section title={o("exceptions.overrides")} note={o("exceptions.overridesNote")}>
        {overrides.length === 0 ? (
          <p>{o("exceptions.overridesNone")}</p>
        ) : (
          <KeyValue
            left
            rows={overrides.map(({ type, at, by }) => ({
              label: <TimeText at={at} formats={formats} />,
              value: `${entryTypeText(type, t)}${by ? ` · ${by}` : ""}`,
            }))}
          />
        )}
      </Section>
      <Section title={o("review.title")} note={o("review.note")}>
        <p>
          {review === 0 ? o("review.none") : formats.integer(review)}{" "}
          {review > 0 && <Link href="/compliance/suppression#review">{o("exceptions.readThem")}</Link>}
        </p>
      </Section>
      <Section title={t("refusals.title")} note={t("refusals.note")} id="refused">
        {refusals.length === 0 ? (
          <p>{o("exceptions.refusedNone")}</p>
        ) : (
          <KeyValue
            rows={refusals.map(({ reason: code, count }) => ({
              label: (
                <Link
                  href={`/compliance/exceptions?${new URLSearchParams({ reason: code })}#refused`}
                  aria-current={code === reason ? "true" : undefined}
                >
                  {reasonText(code, r)}
                </Link>
              ),
              value: formats.integer(count),
            }))}
          />
        )}
      </Section>
      {reason && <Refused ctx={ctx} reason={reason} cursor={query.cursor} words={words} />}
    </>
  );
}

async function Refused({
  ctx,
  reason,
  cursor,
  words: { t, r, o, formats },
}: {
  ctx: Context;
  reason: string;
  cursor: string | undefined;
  words: Words;
}) {
  const known = cursor && /^[^~]+~[0-9a-f-]{36}$/.test(cursor) && !Number.isNaN(Date.parse(cursor.split("~")[0] ?? ""));
  const { refusals, nextCursor } = await listRefusals(ctx, { reason, ...(known ? { cursor } : {}) });
  const path = (more: Record<string, string>) =>
    `/compliance/exceptions?${new URLSearchParams({ reason, ...more })}#refused`;
  return (
    <Section
      wide
      title={reasonText(reason, r)}
      aside={
        <LinkButton look="quiet" href="/compliance/exceptions#refused">
          {o("filter.clear")}
        </LinkButton>
      }
    >
      <DataTable
        compact
        caption={reasonText(reason, r)}
        rows={refusals}
        rowKey={({ messageId }) => messageId}
        columns={[
          {
            key: "message",
            head: o("exceptions.message"),
            cell: ({ messageId, campaignName }) => (
              <Link href={proofPath(messageId)}>{campaignName ?? o("person.direct")}</Link>
            ),
          },
          { key: "at", head: t("exceptions.when"), cell: ({ at }) => <TimeText at={at} formats={formats} /> },
          {
            key: "check",
            head: o("exceptions.check"),
            isNumber: true,
            cell: ({ check }) => formats.integer(check),
          },
          {
            key: "person",
            head: o("suppression.person"),
            cell: ({ contactId }) => <Link href={personPath(contactId)}>{o("exceptions.person")}</Link>,
          },
        ]}
      />
      <Pagination
        label={o("exceptions.pages")}
        previousHref={known ? path({}) : undefined}
        nextHref={nextCursor ? path({ cursor: nextCursor }) : undefined}
      />
    </Section>
  );
}
