import { concatBytes, equalBytes, readUtf8, utf8 } from "./verifier";

// Zip archives (APPNOTE 6.3) of one spelling: nothing compressed, no dates, no comments, nothing between the files. So every
// byte of an archive is either a file's or follows from the files, and none can be changed unnoticed.

export interface ArchiveFile {
  path: string;
  bytes: Uint8Array;
}

const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END = 0x06054b50;
const END_BYTES = 22;
const VERSION = 20;
const UTF8_NAMES = 0x0800;
const MIDNIGHT_1980 = 0x0021;
const MAX_FILES = 0xffff;
const CRC_TABLE = crcTable();

/** Packs these files, in this order. @throws RangeError for more than 65,535 files or 4 GiB, which takes another format */
export function writeArchive(files: readonly ArchiveFile[]): Uint8Array {
  if (files.length > MAX_FILES) throw new RangeError("An archive holds at most 65,535 files");
  const parts: Uint8Array[] = [];
  const central: Uint8Array[] = [];
  let at = 0;
  for (const { path, bytes } of files) {
    const name = utf8(path);
    const common = [VERSION, UTF8_NAMES, 0, 0, MIDNIGHT_1980];
    const sizes = [crc32(bytes), bytes.length, bytes.length];
    const local = [uint32([LOCAL_HEADER]), uint16(common), uint32(sizes), uint16([name.length, 0]), name];
    const fields = [uint32([CENTRAL_HEADER]), uint16([VERSION, ...common]), uint32(sizes)];
    central.push(...fields, uint16([name.length, 0, 0, 0, 0]), uint32([0, at]), name);
    parts.push(...local, bytes);
    at += lengthOf(local) + bytes.length;
  }
  const directory = lengthOf(central);
  if (at + directory > 0xffffffff) throw new RangeError("An archive is smaller than 4 GiB");
  const end = [uint32([END]), uint16([0, 0, files.length, files.length]), uint32([directory, at]), uint16([0])];
  return concatBytes([...parts, ...central, ...end]);
}

export interface Archive {
  files: ArchiveFile[];
  /** Whether it is written as `writeArchive` writes it: no byte belongs to nobody. */
  isExact: boolean;
}

/** Reads an archive of uncompressed files; undefined when it is none. */
export function readArchive(bytes: Uint8Array): Archive | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    const end = endOf(view);
    if (end === undefined) return undefined;
    const count = view.getUint16(end + 10, true);
    const files: ArchiveFile[] = [];
    for (let at = view.getUint32(end + 16, true); files.length < count; ) {
      if (view.getUint32(at, true) !== CENTRAL_HEADER) return undefined;
      const [nameLength, more, comment] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true));
      const path = readUtf8(bytes.subarray(at + 46, at + 46 + (nameLength ?? 0)));
      const local = view.getUint32(at + 42, true);
      const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
      const length = view.getUint32(at + 20, true);
      if (path === undefined || start + length > bytes.length) return undefined;
      files.push({ path, bytes: bytes.subarray(start, start + length) });
      at += 46 + (nameLength ?? 0) + (more ?? 0) + (comment ?? 0);
    }
    return { files, isExact: equalBytes(writeArchive(files), bytes) };
  } catch (error) {
    if (error instanceof RangeError) return undefined; // an offset points outside
    throw error;
  }
}

/** Where the last record begins; a comment after it may hide it by up to 64 KiB. */
function endOf(view: DataView): number | undefined {
  const first = Math.max(0, view.byteLength - END_BYTES - MAX_FILES);
  for (let at = view.byteLength - END_BYTES; at >= first; at -= 1) {
    if (view.getUint32(at, true) === END) return at;
  }
  return undefined;
}

function uint16(values: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 2));
  for (const [i, value] of values.entries()) view.setUint16(i * 2, value, true);
  return new Uint8Array(view.buffer);
}

function uint32(values: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 4));
  for (const [i, value] of values.entries()) view.setUint32(i * 4, value, true);
  return new Uint8Array(view.buffer);
}

function lengthOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((length, part) => length + part.length, 0);
}

function crcTable(): Int32Array {
  return Int32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
    return crc;
  });
}

/** CRC-32 of ISO 3309, as zip wants it: against accidents. Against people there are the hashes of the manifest. */
function crc32(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) crc = (CRC_TABLE[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return ~crc >>> 0;
}
