/** A large file of a data set, part by part and unpacked on the way. */
import { fetched, isOnDisk, nameOf } from './read-file';

/** Bytes of a file that are read at a time. */
const PART_BYTES = 2 ** 18;

/** The bytes of a file, part by part; a part holds until the next one is asked for. */
export type Chunks = AsyncIterable<Uint8Array>;

/**
 * A large file, unpacked.
 *
 * @param gzipped - what a page fetches
 * @param unpacked - what Node reads
 * @throws Error in words for people where it cannot be had
 */
export async function* chunksOf(gzipped: URL, unpacked: URL): Chunks {
  if (isOnDisk(unpacked)) {
    yield* partsOnDisk(unpacked);
    return;
  }
  const { body } = await fetched(gzipped);
  if (body === null) throw new Error(`${nameOf(gzipped)} is empty. Reload the page.`);
  const reader = (await gunzipped(body)).getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
}

/** All parts in the same memory, which the next one overwrites. */
function* partsOnDisk(url: URL): Generator<Uint8Array> {
  const { openSync, readSync, closeSync } = process.getBuiltinModule('node:fs');
  const part = new Uint8Array(PART_BYTES);
  const file = openSync(url, 'r');
  try {
    for (let length = readSync(file, part); length > 0; length = readSync(file, part)) {
      yield part.subarray(0, length);
    }
  } finally {
    closeSync(file);
  }
}

/** A stream as it is where its server has unpacked it on the way; its first bytes tell. */
async function gunzipped(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): Promise<ReadableStream<Uint8Array>> {
  const [beginning, whole] = stream.tee();
  const reader = beginning.getReader();
  const { value } = await reader.read();
  void reader.cancel();
  const isGzip = value?.[0] === 0x1f && value[1] === 0x8b;
  return isGzip ? whole.pipeThrough(new DecompressionStream('gzip')) : whole;
}
