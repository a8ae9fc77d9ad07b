export const encodings = ["utf-8", "utf-16le", "windows-1252"] as const;
export type Encoding = (typeof encodings)[number];

/**
 * Finds the encoding of a file while it streams past: a UTF-16 mark wins, then UTF-8 if every byte fits, else
 * Windows-1252, in which every byte means something. Looks at the whole file, because the first accent may come late.
 */
export class EncodingDetector {
  readonly #utf8 = new TextDecoder("utf-8", { fatal: true });
  #isUtf8 = true;
  #start = Buffer.alloc(0);

  push(chunk: Uint8Array): void {
    if (this.#start.length < 2) this.#start = Buffer.concat([this.#start, chunk.subarray(0, 2)]);
    if (this.#isUtf8) this.#try(() => this.#utf8.decode(chunk, { stream: true }));
  }

  /** Call once, after the last chunk. */
  end(): Encoding {
    if (this.#start[0] === 0xff && this.#start[1] === 0xfe) return "utf-16le";
    if (this.#isUtf8) this.#try(() => this.#utf8.decode());
    return this.#isUtf8 ? "utf-8" : "windows-1252";
  }

  #try(decode: () => unknown): void {
    try {
      decode();
    } catch {
      this.#isUtf8 = false;
    }
  }
}

/** The text of a stream of bytes, without its byte order mark. */
export async function* decoded(chunks: AsyncIterable<Uint8Array>, encoding: Encoding): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding);
  for await (const chunk of chunks) {
    const text = decoder.decode(chunk, { stream: true });
    if (text !== "") yield text;
  }
  const rest = decoder.decode();
  if (rest !== "") yield rest;
}
