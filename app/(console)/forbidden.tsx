import { listRoleGivers } from "@/lib/identity/queries/list-role-givers";
import { currentFormats, currentInstallation, signedInPerson } from "../_server/context";
import { getTranslator } from "../_server/preferences";
import { LinkButton } from "../_ui/button";
import { Answer, PageHeader } from "../_ui/page";

/** 403: what is missing and who can give it, never what the page would have shown. */
export default async function Forbidden() {
  const { ctx } = await signedInPerson();
  const [names, t, formats] = await Promise.all([listRoleGivers(ctx), getTranslator("auth"), currentFormats()]);
  const { mode } = await currentInstallation();
  return (
    <>
      <title>{`${t("forbidden.title")} · ${mode === "sandbox" ? "SANDBOX · " : ""}Contraste`}</title>
      <PageHeader title={t("forbidden.title")} />
      <Answer sub={names.length > 0 ? t("forbidden.whoCan", { names: formats.list(names) }) : undefined}>
        {t("forbidden.heading")}
      </Answer>
      <LinkButton href="/">{t("forbidden.back")}</LinkButton>
    </>
  );
}
