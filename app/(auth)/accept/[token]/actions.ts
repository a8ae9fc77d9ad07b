"use server";

import { redirect } from "next/navigation";
import { type ActionResult, formValues, invalid, outcomeOf } from "@/app/_server/action";
import { deskContext } from "@/app/_server/runtime";
import { openSession } from "@/app/_server/session";
import { acceptAccessLink } from "@/lib/identity/commands/accept-access-link";
import { AcceptAccessLinkInput } from "@/lib/identity/team";

/** Sets the password and signs in with it. */
export async function accept(_previous: ActionResult<never> | null, form: FormData): Promise<ActionResult<never>> {
  const parsed = AcceptAccessLinkInput.safeParse(formValues(form));
  if (!parsed.success) return invalid(parsed.error);
  const { password } = parsed.data;
  const outcome = await outcomeOf(async () => {
    const { email } = await acceptAccessLink(await deskContext(), parsed.data);
    await openSession({ email, password });
  });
  if (!outcome.ok) return outcome;
  redirect("/");
}
