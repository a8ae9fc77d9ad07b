import { authorize, may } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";

/** Consent is recorded by our own processes, which saw the act, and by those who may report one (class B). */
export function authorizeRecording(ctx: Context): void {
  if (!may(ctx.actor, "consent.record")) authorize(ctx, "consent.report");
}

/** Restricting is open to whoever records consent, and to officers by hand: opting out must not be harder than opting in. */
export function authorizeWithdrawal(ctx: Context): void {
  if (!may(ctx.actor, "consent.withdraw")) authorizeRecording(ctx);
}
