import { redirect } from "next/navigation";
import { requirePerson } from "@/app/_server/context";
import { may } from "@/lib/identity/authorize";

/** The first part of the settings that a person may open. */
export default async function SettingsPage() {
  const ctx = await requirePerson("number.read");
  redirect(may(ctx.actor, "user.manage") ? "/settings/team" : "/settings/numbers");
}
