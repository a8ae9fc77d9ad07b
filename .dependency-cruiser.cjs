// The rules of the house: which room may import which. Order = ground floor first; a room sees only earlier rooms.
const mechanisms = ["i18n", "statistics", "keystore", "ledger", "jobs", "whatsapp"];
const rooms = [
  "identity",
  "notices",
  "numbers",
  "audience",
  "consent",
  "policies",
  "segments",
  "imports",
  "templates",
  "experiments",
  "campaigns",
  "sending",
  "tracking",
  "conversations",
  "intake",
  "results",
  "reporting",
  "rights",
  "automations",
  "integrations",
];
const entries = ["worker", "ingress", "terminal"];
const among = (names) => `^(lib|db/schema)/(${names.join("|")})(/|\\.ts)`;
const impure = "^db/|/(commands|queries)/|/(jobs|store)\\.ts$";
const tests = "\\.test\\.tsx?$";
const forbid = (name, from, to, except = {}) => ({
  name,
  severity: "error",
  from: { path: from, pathNot: except.from },
  to: { path: to, pathNot: except.to, ...(except.typeOnly && { dependencyTypesNot: ["type-only"] }) },
});
module.exports = {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    ...rooms
      .slice(0, -1)
      .map((room, i) => forbid(`${room}-uses-only-earlier-rooms`, among([room]), among(rooms.slice(i + 1)))),
    forbid("mechanisms-know-no-room", among(["foundation", ...mechanisms]), among([...rooms, ...entries])),
    forbid("statistics-are-pure", "^lib/statistics/", "^(app|db|lib)/", { to: "^lib/statistics/" }),
    forbid("nobody-imports-an-entry-point", "^(lib|db)/", "^app/|^lib/(worker|ingress|terminal)/", {
      from: "^lib/(worker|ingress|terminal)/|^db/testing/",
    }),
    forbid("entries-have-no-sql", "^(app|lib/ingress)/", "^db/", { from: [tests, "^lib/ingress/testing/"] }),
    forbid("a-store-is-private", "^(?:app|lib)/([^/]+)/", "^lib/[^/]+/store\\.ts$", { to: "^lib/$1/" }),
    // Types may come from anywhere; segments/compile.ts writes SQL and runs none; identity/runtime.ts opens what contexts are made of.
    forbid("decisions-are-pure", "^lib/[^/]+/(?!jobs\\.|store\\.)[^/]+\\.ts$", impure, {
      from: [among(["foundation", ...mechanisms, ...entries]), tests, "^lib/(segments/compile|identity/runtime)\\.ts$"],
      typeOnly: true,
    }),
    forbid("client-components-stay-light", "\\.client\\.tsx$", impure, { typeOnly: true }),
  ],
  options: {
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(\\.next|\\.data|e2e/judges)" },
  },
};
