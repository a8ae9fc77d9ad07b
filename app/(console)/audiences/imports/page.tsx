import { Upload } from "lucide-react";
import type { Metadata } from "next";
import { currentFormats, requirePerson } from "@/app/_server/context";
import { getTranslator } from "@/app/_server/preferences";
import { LinkButton } from "@/app/_ui/button";
import { DataTable, Pagination, TwoLines } from "@/app/_ui/data-table";
import { Answer, PageHeader } from "@/app/_ui/page";
import { EmptyState } from "@/app/_ui/states";
import { TimeText } from "@/app/_ui/text";
import { parsePublicId, publicId } from "@/lib/foundation/ids";
import { may } from "@/lib/identity/authorize";
import type { ImportView } from "@/lib/imports/queries/get-import";
import { listImports } from "@/lib/imports/queries/list-imports";
import { AudienceTabs } from "../audience-tabs";
import { ImportBadge } from "./import-badge";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator("imports"))("list.title") };
}

/** Those ask something of somebody, or will soon show something else. */
const OPEN = new Set(["uploaded", "awaiting_approval", "approved", "running"]);

export default async function ImportsPage({ searchParams }: { searchParams: Promise<{ after?: string }> }) {
  const ctx = await requirePerson("import.read");
  const { after } = await searchParams;
  const cursor = after ? parsePublicId("imp", after) : undefined;
  const [{ imports, nextCursor }, formats, t] = await Promise.all([
    listImports(ctx, { cursor }),
    currentFormats(),
    getTranslator("imports"),
  ]);
  const { integer } = formats;
  const mayImport = may(ctx.actor, "contact.import");
  const open = imports.filter(({ status }) => OPEN.has(status));
  const ended = imports.filter(({ status }) => !OPEN.has(status));
  const waiting = imports.filter(({ status }) => status === "awaiting_approval").length;
  const added = ended.reduce((sum, { counts }) => sum + counts.created, 0);
  return (
    <>
      <PageHeader
        title={t("list.title")}
        actions={mayImport && <UploadLink label={t("list.new")} />}
        tabs={<AudienceTabs ctx={ctx} />}
      />
      {imports.length === 0 ? (
        <div className="pt-8">
          <EmptyState
            title={t("list.emptyTitle")}
            steps={(["file", "columns", "effect"] as const).map((step) => ({
              title: t(`list.how.${step}`),
              text: t(`list.how.${step}Text`),
            }))}
            actions={mayImport && <UploadLink label={t("list.new")} />}
          />
        </div>
      ) : (
        <>
          <Answer sub={t("list.sub")}>
            {t("list.answer", { waiting, waitingText: integer(waiting), added, addedText: integer(added) })}
          </Answer>
          <DataTable
            caption={t("list.title")}
            rowKey={({ importId }) => importId}
            groups={[
              { key: "open", title: t("list.open"), rows: open },
              { key: "ended", title: t("list.ended"), rows: ended },
            ].filter(({ rows }) => rows.length > 0)}
            columns={[
              {
                key: "file",
                head: t("list.file"),
                cell: (one) => (
                  <TwoLines second={<TimeText at={one.createdAt} formats={formats} />}>
                    <a className="break-all" href={`/audiences/imports/${publicId("imp", one.importId)}`}>
                      {one.fileName}
                    </a>
                  </TwoLines>
                ),
              },
              { key: "status", head: t("list.status"), cell: ({ status }) => <ImportBadge status={status} /> },
              { key: "rows", head: t("list.rows"), isNumber: true, cell: ({ rowsTotal }) => integer(rowsTotal) },
              { key: "created", head: t("counts.created"), isNumber: true, cell: figure((one) => one.counts.created) },
              {
                key: "updated",
                head: t("counts.updated"),
                isNumber: true,
                isLow: true,
                cell: figure((one) => one.counts.updated),
              },
              {
                key: "granted",
                head: t("list.granted"),
                isNumber: true,
                isLow: true,
                cell: figure((one) => one.counts.consent.granted),
              },
              {
                key: "rejected",
                head: t("counts.rejected"),
                isNumber: true,
                cell: figure((one) => one.counts.rejected),
              },
            ]}
          />
          <Pagination
            label={t("list.pages")}
            previousHref={cursor && "/audiences/imports"}
            nextHref={nextCursor ? `?after=${publicId("imp", nextCursor)}` : undefined}
          />
        </>
      )}
    </>
  );

  function figure(of: (one: ImportView) => number) {
    return (one: ImportView) => (one.counts.rows > 0 ? integer(of(one)) : "–");
  }
}

function UploadLink({ label }: { label: string }) {
  return (
    <LinkButton href="/audiences/imports/new" look="primary">
      <Upload aria-hidden />
      {label}
    </LinkButton>
  );
}
