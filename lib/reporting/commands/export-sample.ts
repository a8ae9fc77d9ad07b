import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { getSample } from "../queries/get-sample";

/** A sample as rows of a file, header first, each with the seed, so that the file alone tells how to draw it again. */
export async function exportSample(ctx: Context, { sampleId }: { sampleId: string }): Promise<string[][]> {
  authorize(ctx, "proof.read");
  return transaction(ctx, async (tx) => {
    const { seed, size, population, until, sends } = await getSample(tx, { sampleId });
    await audit(tx, "export.made", { what: "sample", rows: sends.length }, sampleId);
    const facts = [seed, String(size), String(population), until.toISOString()];
    return [
      [
        "position",
        "attempt_id",
        "message_id",
        "authorised_at",
        "sha256",
        "result",
        "seed",
        "size",
        "population",
        "until",
      ],
      ...sends.map(({ attemptId, messageId, authorisedAt, hash, exception }, index) => [
        String(index + 1),
        attemptId,
        messageId,
        authorisedAt.toISOString(),
        hash,
        exception ?? "pass",
        ...facts,
      ]),
    ];
  });
}
