import type { Metadata } from "next";
import { Suspense } from "react";
import { requirePerson } from "@/app/_server/context";
import { found, idInPath } from "@/app/_server/found";
import { getTranslator } from "@/app/_server/preferences";
import { PageHeader } from "@/app/_ui/page";
import { Skeleton } from "@/app/_ui/states";
import { may } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { getImport, type ImportDetails } from "@/lib/imports/queries/get-import";
import { ImportBadge } from "../import-badge";
import { ApprovalStep } from "./approval-step";
import { ColumnsStep } from "./columns-step";
import { EffectStep } from "./effect-step";
import { ProgressStep } from "./progress-step";
import { ResultStep } from "./result-step";

interface Address {
  params: Promise<{ importId: string }>;
  searchParams: Promise<{ step?: string }>;
}

/** The name of the file may name people, so it stays out of the title. */
export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator("imports"))("one.title") };
}

export default async function ImportPage({ params, searchParams }: Address) {
  const ctx = await requirePerson("import.read");
  const importId = idInPath("imp", (await params).importId);
  const [job, { step }, t] = await Promise.all([
    found(getImport(ctx, { importId })),
    searchParams,
    getTranslator("imports"),
  ]);
  return (
    <>
      <PageHeader title={t("one.title")} status={<ImportBadge status={job.status} />} />
      <Suspense key={`${job.status} ${step}`} fallback={<Waiting />}>
        <Step ctx={ctx} job={job} isEffect={step === "effect"} />
      </Suspense>
    </>
  );
}

/** What this import asks for where it stands. */
function Step({ ctx, job, isEffect }: { ctx: Context; job: ImportDetails; isEffect: boolean }) {
  switch (job.status) {
    case "uploaded":
      if (!may(ctx.actor, "contact.import")) return <ApprovalStep ctx={ctx} job={job} />;
      return isEffect ? <EffectStep ctx={ctx} job={job} /> : <ColumnsStep ctx={ctx} job={job} />;
    case "awaiting_approval":
      return <ApprovalStep ctx={ctx} job={job} />;
    case "approved":
    case "running":
      return <ProgressStep ctx={ctx} job={job} />;
    default:
      return <ResultStep ctx={ctx} job={job} />;
  }
}

function Waiting() {
  return (
    <div className="pt-8">
      <Skeleton lines={6} />
    </div>
  );
}
