import { cookies, headers } from "next/headers";
import NextAuth, { type AuthOptions } from "next-auth";
import { decode, encode } from "next-auth/jwt";
import CredentialsProvider from "next-auth/providers/credentials";
import { AppError, isAppError } from "@/lib/foundation/errors";
import { completeSignIn } from "@/lib/identity/commands/complete-sign-in";
import { confirmFactor } from "@/lib/identity/commands/confirm-factor";
import { signIn } from "@/lib/identity/commands/sign-in";
import { signOut } from "@/lib/identity/commands/sign-out";
import type { Context } from "@/lib/identity/context";
import type { Code, SignInStep } from "@/lib/identity/second-factor";
import { SESSION_LIFE_MS } from "@/lib/identity/sessions";
import { type SignIn, SignInInput } from "@/lib/identity/team";
import { originOf } from "./origin";
import { consoleRuntime, deskContext } from "./runtime";

// The one file that knows next-auth. Its cookie is a sealed JWT that carries nothing but the session's secret (`sid`);
// whether that session lives, and what its person may do, is read from the database on each request (context.ts).

declare module "next-auth" {
  interface User {
    sid: string;
  }
}

const LIFE_SECONDS = SESSION_LIFE_MS / 1000;

/** The cookie's name and flags. `__Host-` binds it to this very host, which browsers only allow over https. */
export function sessionCookie(consoleUrl: string) {
  const isHttps = consoleUrl.startsWith("https:");
  return {
    name: isHttps ? "__Host-contraste.session" : "contraste.session",
    options: { httpOnly: true, sameSite: "lax", path: "/", secure: isHttps },
  } as const;
}

/** Checks the password and sets the cookie. Throws the refusals of the command `signIn`. Only in actions and routes. */
export async function openSession(credentials: SignIn): Promise<{ step: SignInStep }> {
  const ctx = await deskContext();
  const previous = await currentSid();
  const { sid, step } = await signIn(ctx, credentials, originOf(await headers()));
  if (previous) await signOut(ctx, { sid: previous });
  await keepInCookie(sid);
  return { step };
}

/** The second step: the code, and the cookie of the whole session. Throws the refusals of `completeSignIn`. */
export async function finishSignIn({ code }: Code): Promise<void> {
  const sid = await currentSid();
  if (!sid) throw new AppError("session_expired");
  const opened = await completeSignIn(await deskContext(), { sid, code }, originOf(await headers()));
  await keepInCookie(opened.sid);
}

/** The first code of a new app, and the cookie of the session that begins with it. Throws the refusals of `confirmFactor`. */
export async function turnFactorOn(ctx: Context, code: Code): Promise<{ recoveryCodes: string[] }> {
  const { sid, recoveryCodes } = await confirmFactor(ctx, code, originOf(await headers()).userAgent);
  await keepInCookie(sid);
  return { recoveryCodes };
}

async function keepInCookie(sid: string): Promise<void> {
  const { sessionSecret, consoleUrl } = await consoleRuntime();
  const { name, options } = sessionCookie(consoleUrl);
  const value = await encode({ token: { sid }, secret: sessionSecret, maxAge: LIFE_SECONDS });
  (await cookies()).set(name, value, { ...options, maxAge: LIFE_SECONDS });
}

/** Ends the session in the database and takes the cookie away. */
export async function closeSession(): Promise<void> {
  const { consoleUrl } = await consoleRuntime();
  const sid = await currentSid();
  if (sid) await signOut(await deskContext(), { sid });
  (await cookies()).delete(sessionCookie(consoleUrl).name);
}

/** The session's secret out of this request's cookie; undefined without a cookie, or with one that we did not seal. */
export async function currentSid(): Promise<string | undefined> {
  const { sessionSecret, consoleUrl } = await consoleRuntime();
  const token = (await cookies()).get(sessionCookie(consoleUrl).name)?.value;
  if (!token) return undefined;
  try {
    const opened = await decode({ token, secret: sessionSecret });
    return typeof opened?.sid === "string" ? opened.sid : undefined;
  } catch {
    return undefined; // sealed with another secret, altered, or out of date
  }
}

type RouteHandler = (request: Request, context: { params: Promise<{ nextauth: string[] }> }) => Promise<Response>;

/** next-auth's own routes: for clients that sign in without our page. Same command, same cookie. */
export const handleAuth: RouteHandler = async (request, context) => {
  const handler: RouteHandler = NextAuth(await authOptions());
  return handler(request, context);
};

async function authOptions(): Promise<AuthOptions> {
  const { sessionSecret, consoleUrl } = await consoleRuntime();
  process.env.NEXTAUTH_URL = consoleUrl; // next-auth reads its own address only from here
  const { name, options } = sessionCookie(consoleUrl);
  return {
    secret: sessionSecret,
    session: { strategy: "jwt", maxAge: LIFE_SECONDS },
    jwt: { maxAge: LIFE_SECONDS },
    useSecureCookies: options.secure,
    cookies: { sessionToken: { name, options } },
    pages: { signIn: "/sign-in", error: "/sign-in", signOut: "/sign-in" },
    providers: [
      CredentialsProvider({
        credentials: { email: {}, password: {} },
        authorize: async (credentials, request) => {
          const parsed = SignInInput.safeParse(credentials);
          if (!parsed.success) return null;
          const origin = originOf(new Headers(request.headers));
          try {
            const { sid } = await signIn(await deskContext(), parsed.data, origin);
            return { id: "person", sid };
          } catch (error) {
            if (isAppError(error)) throw new Error(error.code); // becomes ?error=… of the sign-in page
            throw new Error("unexpected"); // never the text of a failure in an address
          }
        },
      }),
    ],
    callbacks: {
      jwt: ({ token, user }) => (user ? { sid: user.sid } : { sid: token.sid }),
      // What scripts may read of the session: until when. The secret stays in the cookie that they cannot read.
      session: ({ session }) => ({ expires: session.expires }),
      redirect: ({ url, baseUrl }) => (url.startsWith("/") && !url.startsWith("//") ? `${baseUrl}${url}` : baseUrl),
    },
    events: {
      signOut: async ({ token }) => {
        if (typeof token?.sid === "string") await signOut(await deskContext(), { sid: token.sid });
      },
    },
    logger: { error: () => {}, warn: () => {}, debug: () => {} }, // refusals are logged by the command, without addresses
  };
}
