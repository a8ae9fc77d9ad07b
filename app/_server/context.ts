import { headers } from "next/headers";
import { forbidden, redirect } from "next/navigation";
import { cache } from "react";
import type { Formats } from "@/lib/i18n/formats";
import { grantOf } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import type { Permission } from "@/lib/identity/permissions";
import { findSession, type SignedIn } from "@/lib/identity/queries/find-session";
import { findSignInStep } from "@/lib/identity/queries/find-sign-in-step";
import { getInstallation, type Installation } from "@/lib/identity/queries/get-installation";
import { getFormats } from "./preferences";
import { PATH_HEADER, signInPath } from "./return-path";
import { contextFor, deskContext } from "./runtime";
import { currentSid } from "./session";

/** The signed-in person of a request and the context in which they act. */
export interface Person extends SignedIn {
  ctx: Context;
}

/** Who is signed in, read from the database once a request; undefined for nobody. */
export const currentPerson = cache(async (): Promise<Person | undefined> => {
  const sid = await currentSid();
  if (!sid) return undefined;
  const signedIn = await findSession(await deskContext(), { sid });
  return signedIn && { ...signedIn, ctx: await contextFor(signedIn.actor) };
});

/**
 * Who has given the password and not yet what comes after it. The context is for setting up and showing the second factor
 * alone: everywhere else this person is nobody yet.
 */
export const currentSignInStep = cache(async () => {
  const sid = await currentSid();
  const found = sid ? await findSignInStep(await deskContext(), { sid }) : undefined;
  return found && { ...found, ctx: await contextFor(found.actor) };
});

/** What this installation is: mode, name, zone, currency. Read once a request; also before anybody is signed in. */
export const currentInstallation = cache(async (): Promise<Installation> => getInstallation(await deskContext()));

/** Figures and dates in this request's region and the organisation's zone and currency. */
export async function currentFormats(): Promise<Formats> {
  return getFormats(await currentInstallation());
}

/** The signed-in person, or the way to the sign-in page and back. */
export async function signedInPerson(): Promise<Person> {
  return (await currentPerson()) ?? redirect(signInPath((await headers()).get(PATH_HEADER)));
}

/**
 * First line of every page of the console: the context of the signed-in person. Nobody signed in → the sign-in page;
 * a person without the permission → the page 403. What the page shows is authorised again by its queries.
 */
export async function requirePerson(permission: Permission): Promise<Context> {
  const { ctx } = await signedInPerson();
  if (grantOf(ctx.actor, permission) === undefined) forbidden();
  return ctx;
}
