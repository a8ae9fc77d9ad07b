"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import type * as z from "zod";
import { type ActionResult, formValues, invalid, outcomeOf, refused } from "@/app/_server/action";
import { currentPerson, currentSignInStep } from "@/app/_server/context";
import { localPath, stepPath } from "@/app/_server/return-path";
import { closeSession, finishSignIn, openSession, turnFactorOn } from "@/app/_server/session";
import { type FactorSecret, startFactor } from "@/lib/identity/commands/start-factor";
import type { Context } from "@/lib/identity/context";
import { CodeInput } from "@/lib/identity/second-factor";
import { SignInInput } from "@/lib/identity/team";

/** Signs in and goes where the person wanted to go; without a wish, "/" sends them where their role starts. */
export async function enter(_previous: ActionResult<never> | null, form: FormData): Promise<ActionResult<never>> {
  const values = formValues(form);
  const parsed = SignInInput.safeParse(values);
  if (!parsed.success) return invalid(parsed.error);
  const outcome = await outcomeOf(() => openSession(parsed.data));
  if (!outcome.ok) return outcome;
  const back = typeof values.from === "string" ? values.from : undefined;
  const { step } = outcome.data;
  redirect(step === "in" ? (localPath(back) ?? "/") : stepPath(step, back));
}

/** The second step: a code of the app or a recovery code. */
export async function prove(_previous: ActionResult<never> | null, form: FormData): Promise<ActionResult<never>> {
  const values = formValues(form);
  const parsed = CodeInput.safeParse(values);
  if (!parsed.success) return invalid(parsed.error);
  const outcome = await outcomeOf(() => finishSignIn(parsed.data));
  if (!outcome.ok) return outcome;
  redirect(localPath(typeof values.from === "string" ? values.from : undefined) ?? "/");
}

/** A new secret for the app: of somebody signed in, or of somebody who must set it up to come in. */
export async function beginFactor(): Promise<ActionResult<FactorSecret>> {
  const ctx = await enrolling();
  return ctx ? outcomeOf(() => startFactor(ctx)) : refused("session_expired");
}

/** The first code of the app turns it on. */
export async function confirmCode(
  input: z.input<typeof CodeInput>,
): Promise<ActionResult<{ recoveryCodes: string[] }>> {
  const ctx = await enrolling();
  if (!ctx) return refused("session_expired");
  const parsed = CodeInput.safeParse(input);
  if (!parsed.success) return invalid(parsed.error);
  const outcome = await outcomeOf(() => turnFactorOn(ctx, parsed.data));
  if (outcome.ok) revalidatePath("/settings/security");
  return outcome;
}

async function enrolling(): Promise<Context | undefined> {
  const person = await currentPerson();
  if (person) return person.ctx;
  const pending = await currentSignInStep();
  return pending?.step === "enrol" ? pending.ctx : undefined;
}

/** Ends the session and goes back to the way in. */
export async function leave(): Promise<void> {
  await closeSession();
  redirect("/sign-in");
}
