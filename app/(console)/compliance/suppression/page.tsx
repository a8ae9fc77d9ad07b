import type { Metadata } from "next";
import Link from "next/link";
import { requirePerson } from "@/app/_server/context";
import { getPreferences, getTranslator } from "@/app/_server/preferences";
import { StatusBadge } from "@/app/_ui/badge";
import { Button, LinkButton } from "@/app/_ui/button";
import { ClientMessages } from "@/app/_ui/client-messages";
import { DataTable, Pagination, TwoLines } from "@/app/_ui/data-table";
import { SelectField } from "@/app/_ui/fields";
import { Answer, Section } from "@/app/_ui/page";
import { EmptyState } from "@/app/_ui/states";
import { MaskedPhone, TimeText } from "@/app/_ui/text";
import { listExclusionLists } from "@/lib/consent/queries/list-exclusion-lists";
import { countSuppressions, listSuppressions, type SuppressionView } from "@/lib/consent/queries/list-suppressions";
import { removableKinds, suppressionKinds } from "@/lib/consent/suppression";
import { countries } from "@/lib/foundation/countries";
import { publicId } from "@/lib/foundation/ids";
import { may } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { noteReading } from "@/lib/reporting/commands/note-reading";
import { listReviews } from "@/lib/reporting/queries/list-reviews";
import { blockText, sourceText } from "../codes";
import { ComplianceHead } from "../compliance-head";
import { officerWords, type Words } from "../officer-words";
import { personPath } from "../paths";
import { BlockNumber } from "./block-number.client";
import { ListUpload } from "./list-upload.client";
import { AskRemoval, SignRemoval } from "./removal.client";
import { DecideReply } from "./review-queue.client";

interface Query {
  kind?: string;
  cursor?: string;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator("officer"))("suppression.title") };
}

/** Who must be left alone, and why? First whoever waits for somebody to read what they wrote. */
export default async function SuppressionPage({ searchParams }: { searchParams: Promise<Query> }) {
  const ctx = await requirePerson("consent.read");
  const [query, words] = await Promise.all([searchParams, officerWords()]);
  const { o, formats } = words;
  await noteReading(ctx, { what: "suppressions.viewed", subject: null });
  const counts = await countSuppressions(ctx);
  const contacts = counts.reduce((sum, row) => sum + row.contacts, 0);
  const numbers = counts.reduce((sum, row) => sum + row.numbers, 0);
  return (
    <ClientMessages namespaces={["officer"]}>
      <ComplianceHead />
      <Answer sub={o("suppression.note")}>
        {o("suppression.answer", {
          count: contacts,
          countText: formats.integer(contacts),
          numbersText: formats.integer(numbers),
        })}
      </Answer>
      <Reviews ctx={ctx} words={words} />
      <Blocks ctx={ctx} words={words} query={query} />
      <Section title={o("byHand.title")} note={o("byHand.note")}>
        <BlockNumber />
      </Section>
      <Lists ctx={ctx} words={words} />
      <Section
        title={o("suppression.counts")}
        note={o("suppression.countsNote")}
        aside={
          <a href="/api/compliance/suppressions" download>
            {o("suppression.export")}
          </a>
        }
      >
        <DataTable
          compact
          caption={o("suppression.counts")}
          rows={counts}
          rowKey={({ kind }) => kind}
          columns={[
            { key: "kind", head: o("suppression.kind"), cell: ({ kind }) => o(`kinds.${kind}`) },
            {
              key: "contacts",
              head: o("suppression.contacts"),
              isNumber: true,
              cell: (row) => formats.integer(row.contacts),
            },
            {
              key: "numbers",
              head: o("suppression.numbers"),
              isNumber: true,
              cell: (row) => formats.integer(row.numbers),
            },
          ]}
        />
      </Section>
    </ClientMessages>
  );
}

interface Part {
  ctx: Context;
  words: Words;
}

async function Reviews({ ctx, words: { o, formats } }: Part) {
  const reviews = await listReviews(ctx);
  const isLate = (until: Date | null) => until !== null && until <= ctx.now();
  return (
    <Section title={o("review.title")} note={o("review.note")} id="review">
      {reviews.length === 0 ? (
        <p>{o("review.none")}</p>
      ) : (
        <DataTable
          caption={o("review.title")}
          rows={reviews}
          rowKey={({ contactId }) => contactId}
          columns={[
            {
              key: "person",
              head: o("suppression.person"),
              cell: ({ contactId, phone, why }) => (
                <TwoLines second={o(`review.why.${why}`)}>
                  <Person contactId={contactId} phone={phone} none={o("suppression.noPhone")} />
                </TwoLines>
              ),
            },
            {
              key: "since",
              head: o("review.since"),
              cell: ({ since, until }) => (
                <TwoLines
                  second={
                    isLate(until) ? (
                      <StatusBadge tone="bad">{o("review.late")}</StatusBadge>
                    ) : (
                      until && o("review.until", { date: formats.date(until) })
                    )
                  }
                >
                  <TimeText at={since} formats={formats} />
                </TwoLines>
              ),
            },
            {
              key: "act",
              head: o("review.act"),
              cell: ({ contactId, why }) => (
                <DecideReply contactId={publicId("con", contactId)} isReply={why === "reply"} />
              ),
            },
          ]}
        />
      )}
    </Section>
  );
}

async function Blocks({ ctx, words, query }: Part & { query: Query }) {
  const { o, formats } = words;
  const kind = suppressionKinds.find((known) => known === query.kind);
  const cursor = query.cursor && /^[^~]+~[0-9a-f-]{36}~[a-z_]+$/.test(query.cursor) ? query.cursor : undefined;
  const { suppressions, nextCursor } = await listSuppressions(ctx, {
    ...(kind ? { kind } : {}),
    ...(cursor ? { cursor } : {}),
  });
  const path = (next: Query) => `/compliance/suppression?${new URLSearchParams({ ...next })}`;
  const kept = kind ? { kind } : {};
  return (
    <Section wide title={o("suppression.list")}>
      <form className="mb-6 flex flex-wrap items-end gap-3" aria-label={o("suppression.filter")}>
        <SelectField
          name="kind"
          label={o("suppression.kind")}
          className="w-full sm:w-64"
          defaultValue={kind ?? ""}
          placeholder={o("suppression.all")}
          options={suppressionKinds.map((value) => ({ value, label: o(`kinds.${value}`) }))}
        />
        <Button type="submit">{o("filter.apply")}</Button>
        {kind && (
          <LinkButton look="quiet" href="/compliance/suppression">
            {o("filter.clear")}
          </LinkButton>
        )}
      </form>
      {suppressions.length === 0 ? (
        <EmptyState title={o(kind ? "suppression.noneOfKind" : "suppression.none")}>
          {o(kind ? "suppression.noneOfKindText" : "suppression.noneText")}
        </EmptyState>
      ) : (
        <DataTable
          caption={o("suppression.list")}
          rows={suppressions}
          rowKey={(row) => `${row.contactId} ${row.kind}`}
          columns={[
            {
              key: "person",
              head: o("suppression.person"),
              cell: ({ contactId, phone, kind: why }) => (
                <TwoLines second={blockText(why, words.t)}>
                  <Person contactId={contactId} phone={phone} none={o("suppression.noPhone")} />
                </TwoLines>
              ),
            },
            { key: "scope", head: o("suppression.scope"), isLow: true, cell: ({ scope }) => o(`scopes.${scope}`) },
            {
              key: "since",
              head: o("suppression.since"),
              cell: ({ since, until }) => (
                <TwoLines
                  second={until ? o("suppression.until", { date: formats.date(until) }) : o("suppression.forGood")}
                >
                  <TimeText at={since} formats={formats} />
                </TwoLines>
              ),
            },
            {
              key: "source",
              head: o("suppression.source"),
              isLow: true,
              cell: ({ source }) => (source ? sourceText(source, words.t) : "–"),
            },
            { key: "act", head: o("suppression.act"), cell: (row) => <Removal ctx={ctx} row={row} words={words} /> },
          ]}
        />
      )}
      <Pagination
        label={o("suppression.pages")}
        previousHref={cursor ? path(kept) : undefined}
        nextHref={nextCursor ? path({ ...kept, cursor: nextCursor }) : undefined}
      />
    </Section>
  );
}

function Removal({ ctx, row, words: { o, formats } }: Part & { row: SuppressionView }) {
  const { removal, contactId } = row;
  const kind = removableKinds.find((known) => known === row.kind);
  if (!kind || !may(ctx.actor, "suppression.remove")) return null;
  if (!removal) return <AskRemoval contactId={publicId("con", contactId)} kind={kind} />;
  const isOwn = ctx.actor.kind === "user" && ctx.actor.userId === removal.askedById;
  const asked = o("removal.askedBy", { name: removal.askedBy, date: formats.date(removal.askedAt) });
  return (
    <div className="grid gap-2">
      <span className="note">
        {asked} «{removal.reason}»
      </span>
      {isOwn ? <span className="note">{o("removal.otherDecides")}</span> : <SignRemoval removalId={removal.id} />}
    </div>
  );
}

function Person({ contactId, phone, none }: { contactId: string; phone: string | null; none: string }) {
  return <Link href={personPath(contactId)}>{phone ? <MaskedPhone masked={phone} /> : none}</Link>;
}

async function Lists({ ctx, words: { o, formats } }: Part) {
  const [lists, { region }] = await Promise.all([listExclusionLists(ctx), getPreferences()]);
  const country = region.slice(3);
  const choices = countries
    .map((value) => ({ value, label: formats.country(value) }))
    .toSorted((one, other) => formats.compare(one.label, other.label));
  return (
    <Section title={o("lists.title")} note={o("lists.note")}>
      {may(ctx.actor, "import.approve") && <ListUpload country={country} countries={choices} />}
      {lists.length > 0 && (
        <div className="mt-6">
          <DataTable
            compact
            caption={o("lists.title")}
            rows={lists}
            rowKey={({ id }) => id}
            columns={[
              {
                key: "name",
                head: o("lists.name"),
                cell: ({ name, completedAt, createdBy }) => (
                  <TwoLines second={completedAt ? createdBy : o("lists.broken")}>{name}</TwoLines>
                ),
              },
              {
                key: "at",
                head: o("lists.at"),
                cell: ({ createdAt }) => <TimeText at={createdAt} formats={formats} />,
              },
              { key: "rows", head: o("lists.rows"), isNumber: true, cell: (row) => formats.integer(row.rowCount) },
              { key: "new", head: o("lists.added"), isNumber: true, cell: (row) => formats.integer(row.addedCount) },
              {
                key: "contacts",
                head: o("suppression.contacts"),
                isNumber: true,
                cell: (row) => formats.integer(row.contactCount),
              },
            ]}
          />
        </div>
      )}
    </Section>
  );
}
