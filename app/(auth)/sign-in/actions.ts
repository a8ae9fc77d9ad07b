"use server";

import { redirect } from "next/navigation";
import { type ActionResult, formValues, invalid, outcomeOf } from "@/app/_server/action";
import { localPath } from "@/app/_server/return-path";
import { closeSession, openSession } from "@/app/_server/session";
import { SignInInput } from "@/lib/identity/team";

/** Signs in and goes where the person wanted to go; without a wish, "/" sends them where their role starts. */
export async function enter(_previous: ActionResult<never> | null, form: FormData): Promise<ActionResult<never>> {
  const values = formValues(form);
  const parsed = SignInInput.safeParse(values);
  if (!parsed.success) return invalid(parsed.error);
  const outcome = await outcomeOf(() => openSession(parsed.data));
  if (!outcome.ok) return outcome;
  redirect(localPath(typeof values.from === "string" ? values.from : undefined) ?? "/");
}

/** Ends the session and goes back to the way in. */
export async function leave(): Promise<void> {
  await closeSession();
  redirect("/sign-in");
}
