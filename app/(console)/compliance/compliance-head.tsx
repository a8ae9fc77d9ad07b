import type { ReactNode } from "react";
import { currentPerson } from "@/app/_server/context";
import { getTranslator } from "@/app/_server/preferences";
import { PageHeader } from "@/app/_ui/page";
import { grantOf } from "@/lib/identity/authorize";
import type { Permission } from "@/lib/identity/permissions";
import { AreaTabs } from "./area-tabs.client";

/**
 * The parts of the area. A part with several pages shows them in a second row; its own tab leads to the first page that the
 * reader may see. Words: `compliance`, `tabs.<key>`.
 */
const parts = [
  { key: "overview", pages: [{ key: "overview", href: "/compliance", permission: "ledger.read" }] },
  {
    key: "evidence",
    pages: [
      { key: "people", href: "/compliance/people", permission: "consent.read" },
      { key: "consents", href: "/compliance/consents", permission: "consent.read" },
      { key: "ledger", href: "/compliance/ledger", permission: "ledger.read" },
      { key: "timeMachine", href: "/compliance/time-machine", permission: "consent.read" },
    ],
  },
  { key: "suppression", pages: [{ key: "suppression", href: "/compliance/suppression", permission: "consent.read" }] },
  { key: "approvals", pages: [{ key: "approvals", href: "/compliance/approvals", permission: "ledger.read" }] },
  {
    key: "review",
    pages: [
      { key: "exceptions", href: "/compliance/exceptions", permission: "proof.read" },
      { key: "sample", href: "/compliance/sample", permission: "proof.read" },
    ],
  },
  {
    key: "rights",
    pages: [
      { key: "requests", href: "/compliance/requests", permission: "rights.handle" },
      { key: "records", href: "/compliance/records", permission: "rights.handle" },
      { key: "breaches", href: "/compliance/records/breaches", permission: "rights.handle" },
      { key: "retention", href: "/compliance/records/retention", permission: "rights.handle" },
    ],
  },
  {
    key: "rules",
    pages: [
      { key: "rules", href: "/compliance/rules", permission: "policy.read" },
      { key: "purposes", href: "/compliance/purposes", permission: "policy.read" },
      { key: "wording", href: "/compliance/wording", permission: "policy.read" },
    ],
  },
  {
    key: "integrity",
    pages: [
      { key: "integrity", href: "/compliance/integrity", permission: "ledger.read" },
      { key: "adminLog", href: "/compliance/admin-log", permission: "audit.read" },
    ],
  },
] as const satisfies readonly {
  key: string;
  pages: readonly { key: string; href: string; permission: Permission }[];
}[];

/** The head of every page of the area: where one is, and its parts. */
export async function ComplianceHead({
  title,
  status,
  actions,
}: {
  title?: ReactNode;
  status?: ReactNode;
  actions?: ReactNode;
}) {
  const [t, person] = await Promise.all([getTranslator("compliance"), currentPerson()]);
  const areas = parts.flatMap(({ key, pages }) => {
    const open = pages.filter(({ permission }) => person && grantOf(person.ctx.actor, permission) !== undefined);
    const tabs = open.map((page) => ({ href: page.href, label: t(`tabs.${page.key}`) }));
    return tabs.length > 0 ? [{ label: t(`tabs.${key}`), tabs }] : [];
  });
  return (
    <PageHeader
      title={title ?? t("title")}
      status={status}
      actions={actions}
      tabs={<AreaTabs label={t("tabs.label")} areas={areas} />}
    />
  );
}
