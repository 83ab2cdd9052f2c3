/**
 * Bytes that know whether they are whole: a header as JSON, arrays of numbers, and a SHA-256 of both.
 * What a browser keeps may be cut short by a crash or a full disk; such bytes are told from good ones.
 */

export type Numbers = Float32Array | Float64Array;

export interface SealedRecord {
  /** Whatever was sealed, as JSON gives it back; unchecked. */
  readonly header: unknown;
  readonly arrays: readonly Numbers[];
}

/** Bytes that are no record, or not all of one. */
export class DamagedRecordError extends Error {
  override readonly name = 'DamagedRecordError';
}

const MAGIC = 0x50524853; // "SHRP", little-endian
const VERSION = 1;
/** Where the words before the header stand: magic, version, bytes of the header, 0; then the digest. */
const DIGEST_OFFSET = 16;
const DIGEST_BYTES = 32;
const HEADER_OFFSET = DIGEST_OFFSET + DIGEST_BYTES;
/** Arrays begin where any of them may. */
const ALIGNMENT = 8;

const TYPES = { f32: Float32Array, f64: Float64Array } as const;
type TypeName = keyof typeof TYPES;

interface Contents {
  readonly header: unknown;
  readonly arrays: readonly (readonly [TypeName, number])[];
}

/**
 * Packs a header and arrays into bytes with a checksum.
 *
 * @throws TypeError where the platform has no digests, as on a page that is not secure
 */
export async function seal(
  header: unknown,
  arrays: readonly Numbers[],
): Promise<Uint8Array<ArrayBuffer>> {
  const contents: Contents = {
    header,
    arrays: arrays.map((array) => [array instanceof Float32Array ? 'f32' : 'f64', array.length]),
  };
  const json = new TextEncoder().encode(JSON.stringify(contents));
  const start = aligned(HEADER_OFFSET + json.length);
  const size = arrays.reduce((bytes, array) => bytes + aligned(array.byteLength), start);
  const record = new Uint8Array(size);
  const words = new DataView(record.buffer);
  words.setUint32(0, MAGIC, true);
  words.setUint32(4, VERSION, true);
  words.setUint32(8, json.length, true);
  record.set(json, HEADER_OFFSET);
  let offset = start;
  for (const array of arrays) {
    record.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), offset);
    offset += aligned(array.byteLength);
  }
  record.set(await digestOf(record), DIGEST_OFFSET);
  return record;
}

/**
 * What `seal` packed.
 *
 * @throws DamagedRecordError for bytes that are not, or not whole, what was sealed, or of another version
 */
export async function unseal(bytes: Uint8Array<ArrayBuffer>): Promise<SealedRecord> {
  const refuse = (why: string): never => {
    throw new DamagedRecordError(`The record ${why}.`);
  };
  if (bytes.length < HEADER_OFFSET) refuse(`has ${bytes.length} bytes, fewer than any has`);
  const record = bytes.slice();
  const words = new DataView(record.buffer);
  if (words.getUint32(0, true) !== MAGIC) refuse('is none of this page');
  const version = words.getUint32(4, true);
  if (version !== VERSION) refuse(`is of version ${version}, and this page reads ${VERSION}`);
  const digest = record.slice(DIGEST_OFFSET, HEADER_OFFSET);
  record.fill(0, DIGEST_OFFSET, HEADER_OFFSET);
  const found = await digestOf(record);
  if (found.some((byte, i) => byte !== digest[i])) refuse('does not match its checksum');
  // The checksum holds, so this is what `seal` wrote.
  const headerEnd = HEADER_OFFSET + words.getUint32(8, true);
  const json = new TextDecoder().decode(record.subarray(HEADER_OFFSET, headerEnd));
  const { header, arrays } = JSON.parse(json) as Contents;
  let offset = aligned(headerEnd);
  return {
    header,
    arrays: arrays.map(([type, length]) => {
      const array = new TYPES[type](record.buffer, offset, length);
      offset += aligned(array.byteLength);
      return array;
    }),
  };
}

/** SHA-256 of a record whose digest is still zeros; computed off this thread. */
async function digestOf(record: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', record));
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}
