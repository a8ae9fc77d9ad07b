import * as z from "zod";
import { consentActs } from "@/lib/consent/consent";
import { readOptOut } from "@/lib/consent/opt-out-detector";
import { fold } from "@/lib/consent/reducer";
import { mayFetch } from "@/lib/foundation/safe-fetch";
import { totpCode, totpStep } from "@/lib/identity/totp";
import { csvField, plainCell } from "@/lib/imports/csv-cell";
import * as written from "@/lib/ledger/hash";
import { canonicalize } from "@/lib/ledger/jcs";
import { proveConsistencyIn, proveInclusionIn, rootOf } from "@/lib/ledger/merkle";
import { readSigner, signNote } from "@/lib/ledger/note";
import { tileCoverage, tilePath } from "@/lib/ledger/tiles";
import {
  canonicalJson,
  hashLeaf,
  hashNode,
  includes,
  isConsistent,
  openNote,
  readKey,
  toHex,
  verifyEd25519,
} from "@/lib/ledger/verifier";
import { sendingWindow } from "@/lib/policies/quiet-hours";
import { shippedRules } from "@/lib/policies/shipped-rules";
import { verifySignature as verifyWebhook } from "@/lib/whatsapp/signature";
import { numberStreamSum } from "./number-stream";

/** What came of one case: `found` differs from `expected`, or not. */
interface CaseResult {
  id: string;
  expected: unknown;
  found: unknown;
}

/** Runs the cases of one file; throws when the file has another shape. */
type Runner = (file: unknown) => CaseResult[] | Promise<CaseResult[]>;

export const vectorKinds: Readonly<Record<string, Runner>> = {
  "consent-reducer": consentReducer,
  "optout-messages": optOutMessages,
  "merkle-rfc6962": merkle,
  "jcs-rfc8785": jcs,
  "signed-note": signedNote,
  "tlog-tiles": tlogTiles,
  "ed25519-wycheproof": ed25519,
  "webhook-signature": webhookSignature,
  "quiet-hours": quietHours,
  "csv-injection": csvInjection,
  ssrf,
  "totp-rfc6238": totp,
};

const ConsentReducer = z.object({
  cases: z.array(
    z.object({
      policy: z.object({ doubleOptIn: z.boolean(), pendingHours: z.number(), validityDays: z.number() }),
      events: z.array(
        z.object({
          type: z.enum(consentActs),
          at: z.iso.datetime(),
          cls: z.enum(["A", "B"]),
          complete: z.boolean().default(true),
        }),
      ),
      at: z.iso.datetime(),
      status: z.string(),
      expiresAt: z.iso.datetime().nullable(),
    }),
  ),
});

function consentReducer(file: unknown): CaseResult[] {
  return ConsentReducer.parse(file).cases.map(({ policy, events, at, status, expiresAt }, i) => {
    const facts = events.map((event) => ({
      act: event.type,
      occurredAt: new Date(event.at),
      sourceClass: event.cls,
      complete: event.complete,
    }));
    const state = fold(policy, facts, new Date(at));
    const expected = `${status} ${expiresAt === null ? null : new Date(expiresAt).toISOString()}`;
    return { id: `case ${i + 1}`, expected, found: `${state.status} ${state.expiresAt?.toISOString() ?? null}` };
  });
}

const OptOutMessages = z.object({
  cases: z.array(z.object({ lang: z.string(), text: z.string(), expect: z.enum(["optout", "review", "none"]) })),
});

function optOutMessages(file: unknown): CaseResult[] {
  return OptOutMessages.parse(file).cases.map(({ lang, text, expect }) => ({
    id: `${lang}: ${text}`,
    expected: expect,
    found: readOptOut(text),
  }));
}

const Base64 = z.string().transform((text) => Buffer.from(text, "base64"));
const Hex = z.string().transform((text) => Buffer.from(text, "hex"));
const Merkle = z.object({
  hashes: z.array(
    z.object({
      op: z.enum(["emptyRoot", "leaf", "node"]),
      dataHex: Hex.optional(),
      dataUtf8: z.string().optional(),
      leftUtf8: z.string().default(""),
      rightUtf8: z.string().default(""),
      expect: z.string(),
    }),
  ),
  leavesHex: z.array(Hex),
  rootsHexBySize: z.array(z.string()),
  inclusion: z.array(
    z.object({
      id: z.string(),
      index: z.number(),
      size: z.number(),
      leafHash: Base64,
      root: Base64,
      proof: z.array(Base64),
      valid: z.boolean(),
    }),
  ),
  consistency: z.array(
    z.object({
      id: z.string(),
      size1: z.number(),
      size2: z.number(),
      root1: Base64,
      root2: Base64,
      proof: z.array(Base64),
      valid: z.boolean(),
    }),
  ),
  generateInclusionHex: z.array(z.object({ index: z.number(), size: z.number(), proof: z.array(z.string()) })),
  generateConsistencyHex: z.array(z.object({ size1: z.number(), size2: z.number(), proof: z.array(z.string()) })),
});

function merkle(file: unknown): CaseResult[] {
  const vectors = Merkle.parse(file);
  const leaves = vectors.leavesHex.map(written.hashLeaf);
  const hex = (hashes: readonly Buffer[]) => hashes.map((hash) => hash.toString("hex")).join(" ");
  return [
    ...vectors.hashes.map(({ op, dataHex, dataUtf8 = "", leftUtf8, rightUtf8, expect }, i) => {
      const [leaf, left, right] = [dataHex ?? Buffer.from(dataUtf8), Buffer.from(leftUtf8), Buffer.from(rightUtf8)];
      const found = {
        emptyRoot: () => [rootOf([])],
        leaf: () => [written.hashLeaf(leaf), hashLeaf(leaf)],
        node: () => [written.hashNode(left, right), hashNode(left, right)],
      }[op]();
      const id = `hash ${i + 1}: ${op}`;
      return { id, expected: expect, found: [...new Set(found.map(toHex))].join(" and ") };
    }),
    ...vectors.rootsHexBySize.map((expected, size) => ({
      id: `root of ${size}`,
      expected,
      found: rootOf(leaves.slice(0, size)).toString("hex"),
    })),
    ...vectors.inclusion.map(({ id, valid, ...claim }) => ({ id, expected: valid, found: includes(claim) })),
    ...vectors.consistency.map(({ id, valid, ...claim }) => ({ id, expected: valid, found: isConsistent(claim) })),
    ...vectors.generateInclusionHex.map(({ index, size, proof }) => ({
      id: `inclusion proof of ${index} in ${size}`,
      expected: proof.join(" "),
      found: hex(proveInclusionIn(leaves.slice(0, size), index)),
    })),
    ...vectors.generateConsistencyHex.map(({ size1, size2, proof }) => ({
      id: `consistency proof from ${size1} to ${size2}`,
      expected: proof.join(" "),
      found: hex(proveConsistencyIn(leaves.slice(0, size2), size1)),
    })),
  ];
}

const Jcs = z.object({
  cases: z.array(z.object({ id: z.string(), inputUtf8: z.string(), outputHex: z.string() })),
  numbersIeeeHexToJson: z.array(z.tuple([Hex, z.string()])),
  numberStreamSha256: z.object({ sums: z.array(z.tuple([z.number(), z.string()])) }),
  mustReject: z.array(z.object({ id: z.string(), jsonAscii: z.string().optional() })),
});

/** The library that writes leaves and the verifier's own few lines: both must pass every case. */
function jcs(file: unknown): CaseResult[] {
  const vectors = Jcs.parse(file);
  const writers = { ledger: canonicalize, verifier: canonicalJson };
  return Object.entries(writers).flatMap(([name, write]) => [
    ...vectors.cases.map(({ id, inputUtf8, outputHex }) => ({
      id: `${name}: ${id}`,
      expected: outputHex,
      found: Buffer.from(write(JSON.parse(inputUtf8))).toString("hex"),
    })),
    ...vectors.numbersIeeeHexToJson.map(([bytes, expected]) => ({
      id: `${name}: ${bytes.toString("hex")}`,
      expected,
      found: write(bytes.readDoubleBE()),
    })),
    ...vectors.numberStreamSha256.sums.map(([count, expected]) => ({
      id: `${name}: first ${count} numbers`,
      expected,
      found: numberStreamSum(count, write),
    })),
    ...vectors.mustReject.map(({ id, jsonAscii }) => {
      const bad = jsonAscii === undefined ? [Number.NaN, Number.POSITIVE_INFINITY] : [JSON.parse(jsonAscii)];
      return {
        id: `${name}: ${id}`,
        expected: "refused",
        found: bad.every((value) => refuses(() => write(value))) ? "refused" : "written",
      };
    }),
  ]);
}

function refuses(run: () => unknown): boolean {
  try {
    run();
    return false;
  } catch {
    return true;
  }
}

const SignedNote = z.object({
  sign: z.array(z.object({ skey: z.string(), textBase64: Base64, noteBase64: z.string() })),
  open: z.array(
    z.object({
      id: z.string(),
      noteBase64: Base64,
      vkeys: z.array(z.string()),
      expect: z.enum(["ok", "unverified", "reject", "malformed"]),
      verified: z.number().optional(),
      unverified: z.number().optional(),
    }),
  ),
  vkeys: z.array(z.object({ vkey: z.string(), valid: z.boolean() })),
});

async function signedNote(file: unknown): Promise<CaseResult[]> {
  const vectors = SignedNote.parse(file);
  return [
    ...vectors.sign.map(({ skey, textBase64, noteBase64 }, i) => {
      const signer = readSigner(skey);
      const note = signer ? signNote(textBase64.toString(), [signer]) : "the key was not read";
      return { id: `sign ${i + 1}`, expected: noteBase64, found: encoded(note) };
    }),
    ...(await Promise.all(
      vectors.open.map(async ({ id, noteBase64, vkeys, expect, verified, unverified }) => {
        const keys = vkeys.map(readKey).filter((key) => key !== undefined);
        const opened = await openNote(noteBase64, keys);
        const words = { verified: "ok", unverified: "unverified", rejected: "reject", malformed: "malformed" } as const;
        const counts = opened.kind === "verified" ? ` ${opened.signers.length}+${opened.unknownSignatures}` : "";
        const expected = expect === "ok" ? `ok ${verified ?? 1}+${unverified ?? 0}` : expect;
        return { id, expected, found: words[opened.kind] + counts };
      }),
    )),
    ...vectors.vkeys.map(({ vkey, valid }) => ({ id: vkey, expected: valid, found: readKey(vkey) !== undefined })),
  ];
}

function encoded(text: string): string {
  return Buffer.from(text).toString("base64");
}

const TlogTiles = z.object({
  paths: z.array(z.object({ level: z.number(), index: z.number(), width: z.number().nullable(), path: z.string() })),
  coverage: z.array(
    z.object({
      size: z.number(),
      levels: z.array(z.object({ level: z.number(), fullTiles: z.number(), partialWidth: z.number() })),
    }),
  ),
});

function tlogTiles(file: unknown): CaseResult[] {
  const vectors = TlogTiles.parse(file);
  return [
    ...vectors.paths.map(({ level, index, width, path }) => ({
      id: path,
      expected: path,
      found: tilePath(level, index, width ?? undefined),
    })),
    ...vectors.coverage.map(({ size, levels }) => ({
      id: `tiles of ${size}`,
      expected: canonicalJson(levels),
      found: canonicalJson(tileCoverage(size).map((level) => ({ ...level }))),
    })),
  ];
}

const Ed25519 = z.object({
  cases: z.array(z.object({ tcId: z.number(), pk: Hex, msg: Hex, sig: Hex, valid: z.boolean() })),
});

function ed25519(file: unknown): Promise<CaseResult[]> {
  return Promise.all(
    Ed25519.parse(file).cases.map(async ({ tcId, pk, msg, sig, valid }) => ({
      id: `tcId ${tcId}`,
      expected: valid,
      found: await verifyEd25519(pk, msg, sig),
    })),
  );
}

const WebhookSignature = z.object({
  secret: z.string(),
  cases: z.array(z.object({ id: z.string(), bodyBase64: Base64, header: z.string().nullable(), valid: z.boolean() })),
});

function webhookSignature(file: unknown): CaseResult[] {
  const { secret, cases } = WebhookSignature.parse(file);
  return cases.map(({ id, bodyBase64, header, valid }) => ({
    id,
    expected: valid,
    found: verifyWebhook(bodyBase64, header ?? undefined, secret),
  }));
}

const QuietHours = z.object({
  cases: z.array(
    z.object({
      country: z.string(),
      zone: z.string().nullable(),
      at: z.iso.datetime(),
      holidays: z.array(z.string()),
      allowed: z.boolean(),
      nextAllowed: z.iso.datetime(),
    }),
  ),
});

function quietHours(file: unknown): CaseResult[] {
  return QuietHours.parse(file).cases.map(({ country, zone, at, holidays, allowed, nextAllowed }) => {
    const rules = { ...shippedRules, holidays: { [country]: holidays } };
    const { isOpen, nextOpenAt } = sendingWindow(rules, { country, zone }, new Date(at));
    const expected = `${allowed} ${new Date(nextAllowed).toISOString()}`;
    return { id: `${country} ${zone} ${at}`, expected, found: `${isOpen} ${nextOpenAt?.toISOString()}` };
  });
}

const CsvInjection = z.object({ cases: z.array(z.object({ input: z.string(), field: z.string() })) });

/** What is written, and what comes back when the same file is imported. */
function csvInjection(file: unknown): CaseResult[] {
  return CsvInjection.parse(file).cases.flatMap(({ input, field }) => [
    { id: `write ${JSON.stringify(input)}`, expected: field, found: csvField(input) },
    {
      id: `read ${JSON.stringify(field)}`,
      expected: input,
      found: plainCell(field.slice(1, -1).replaceAll('""', '"')),
    },
  ]);
}

const Ssrf = z.object({
  cases: z.array(z.object({ url: z.string(), resolvesTo: z.array(z.string()).nullable(), allowed: z.boolean() })),
});

function ssrf(file: unknown): CaseResult[] {
  return Ssrf.parse(file).cases.map(({ url, resolvesTo, allowed }) => ({
    id: url,
    expected: allowed,
    found: mayFetch(url, resolvesTo ?? []),
  }));
}

const Totp = z.object({
  digits: z.number(),
  period: z.literal(30),
  cases: z.array(
    z.object({
      time: z.number(),
      alg: z.enum(["SHA1", "SHA256", "SHA512"]),
      secretAscii: z.string(),
      code: z.string(),
    }),
  ),
});

function totp(file: unknown): CaseResult[] {
  const { digits, cases } = Totp.parse(file);
  return cases.map(({ time, alg, secretAscii, code }) => ({
    id: `${alg} at ${time}`,
    expected: code,
    found: totpCode({
      secret: Buffer.from(secretAscii),
      step: totpStep(new Date(time * 1000)),
      algorithm: alg,
      digits,
    }),
  }));
}
