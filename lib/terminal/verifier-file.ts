import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";

/** Where the verifier lies that goes into every bundle. Made by `npm run verifier`; a test holds it to its sources. */
export const VERIFIER_FILE = join("lib", "ledger", "verify.mjs");

const ENTRY = join("lib", "terminal", "verify.ts");
const HEADER = `#!/usr/bin/env node
// Checks an evidence bundle without network and without trusting whoever made it: node verify.mjs BUNDLE [--key VKEY]…
// Made from the project's sources by \`npm run verifier\`, types and what is not needed left out. Depends on nothing but Node 20
// or newer. Start reading at "main".
`;

/**
 * The verifier as one module without dependencies: \`verify.ts\` and every declaration that it reaches in the files it imports,
 * comments included. Not a bundler: it knows only what these files use (named imports, unique names, no effects on import).
 *
 * @throws Error naming what it cannot put together
 */
export function verifierFile(): string {
  const statements = modulesOf(ENTRY, new Set()).flatMap(statementsOf);
  const included = new Set(statements.filter(({ isEffect }) => isEffect));
  for (const { uses } of included) {
    for (const other of statements) if (other.names.some((name) => uses.has(name))) included.add(other); // a Set grows while read
  }
  const inOrder = statements.filter((statement) => included.has(statement));
  const names = inOrder.flatMap((statement) => statement.names);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new Error(`${twice} is declared by two files of the verifier; rename one`);
  return `${HEADER}${inOrder.map(({ text }) => text).join("\n")}\n`;
}

interface Statement {
  names: string[];
  uses: Set<string>;
  /** Runs when the module is read, rather than declaring something. */
  isEffect: boolean;
  text: string;
}

/** The files that a file reaches, dependencies first, each once. */
function modulesOf(path: string, seen: Set<string>): string[] {
  if (seen.has(path)) return [];
  seen.add(path);
  const { importedFiles } = ts.preProcessFile(ts.transpile(readFileSync(path, "utf8"), OPTIONS));
  const own = importedFiles.map(({ fileName }) => fileName).filter((name) => !name.startsWith("node:"));
  const resolve = (name: string) => {
    if (name.startsWith("@/")) return `${name.slice(2)}.ts`;
    if (name.startsWith("./")) return join(dirname(path), `${name}.ts`);
    throw new Error(`${path} imports ${name}: the verifier depends on nothing`);
  };
  return [...own.flatMap((name) => modulesOf(resolve(name), seen)), path];
}

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  verbatimModuleSyntax: true,
};

function statementsOf(path: string): Statement[] {
  const source = ts.createSourceFile(
    path.replace(/ts$/, "js"),
    ts.transpile(readFileSync(path, "utf8"), OPTIONS),
    ts.ScriptTarget.ES2022,
    true,
  );
  return source.statements.flatMap((statement) => statementOf(statement, source, path));
}

function statementOf(statement: ts.Statement, source: ts.SourceFile, path: string): Statement[] {
  if (ts.isImportDeclaration(statement)) {
    const isOwn = !statement.moduleSpecifier.getText(source).includes("node:");
    const bindings = statement.importClause?.namedBindings;
    const names = bindings && ts.isNamedImports(bindings) ? bindings.elements.map(({ name }) => name.text) : [];
    return isOwn ? [] : [{ names, uses: new Set(), isEffect: false, text: statement.getText(source) }];
  }
  if (ts.isExportDeclaration(statement)) return []; // what is left of a file of types
  const names = namesOf(statement, source);
  const isEffect = names.length === 0;
  if (isEffect && path !== ENTRY) throw new Error(`${path} does something when it is imported`);
  const text = statement.getFullText(source).replace(/^(\s*(?:\/\*[\s\S]*?\*\/\s*|\/\/.*\s*)*)export /, "$1");
  return [{ names, uses: identifiersIn(statement), isEffect, text: text.trimEnd() }];
}

function namesOf(statement: ts.Statement, source: ts.SourceFile): string[] {
  if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) {
    return statement.name ? [statement.name.text] : [];
  }
  if (!ts.isVariableStatement(statement)) return [];
  return statement.declarationList.declarations.flatMap(({ name }) =>
    ts.isIdentifier(name) ? [name.text] : [...(name.getText(source).match(/\w+/g) ?? [])],
  );
}

function identifiersIn(node: ts.Node): Set<string> {
  const found = new Set<string>();
  const visit = (part: ts.Node) => {
    if (ts.isIdentifier(part)) found.add(part.text);
    ts.forEachChild(part, visit);
  };
  visit(node);
  return found;
}
