/** The checksums of a ZIP archive: fflate unpacks what was damaged on its way without a word. */

const END = 0x06054b50;
const END_BYTES = 22;
const ENTRY = 0x02014b50;
const ENTRY_BYTES = 46;

/** Of each byte, what it makes of a remainder: the reflected polynomial of CRC-32 (ISO/IEC 3309). */
const REMAINDERS = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) {
    remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1;
  }
  return remainder;
});

function crc32(bytes: Uint8Array): number {
  let remainder = 0xffffffff;
  for (const byte of bytes) remainder = (remainder >>> 8) ^ REMAINDERS[(remainder ^ byte) & 0xff];
  return ~remainder >>> 0;
}

/**
 * Compares what was unpacked with the checksums that the archive's directory has of it (APPNOTE.TXT 4.3).
 *
 * @param archive - which fflate has read, so that it has a directory
 * @param files - unpacked, by their names
 * @returns the name of the first that is not what was packed
 */
export function firstDamaged(
  archive: Uint8Array,
  files: Readonly<Record<string, Uint8Array>>,
): string | undefined {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  let end = archive.length - END_BYTES;
  while (view.getUint32(end, true) !== END) end--;
  let at = view.getUint32(end + 16, true);
  for (let entry = view.getUint16(end + 10, true); entry > 0; entry--) {
    if (at + ENTRY_BYTES > end || view.getUint32(at, true) !== ENTRY) return undefined;
    const lengths = [28, 30, 32].map((field) => view.getUint16(at + field, true));
    const [named] = lengths;
    const name = new TextDecoder().decode(
      archive.subarray(at + ENTRY_BYTES, at + ENTRY_BYTES + named),
    );
    const file = files[name];
    if (file !== undefined && crc32(file) !== view.getUint32(at + 16, true)) return name;
    at += lengths.reduce((sum, length) => sum + length, ENTRY_BYTES);
  }
  return undefined;
}
