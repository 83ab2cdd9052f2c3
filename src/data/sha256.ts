/** SHA-256, by whoever has it here. */

/** In 64 hexadecimal digits; undefined in a page without a secure context, which cannot compute it. */
export async function sha256OfBytes(bytes: Uint8Array): Promise<string | undefined> {
  // Node's own takes no copy of the bytes.
  const node = globalThis.process?.getBuiltinModule?.('node:crypto');
  if (node !== undefined) return node.createHash('sha256').update(bytes).digest('hex');
  // Undefined, whatever its type says, where the context is not secure.
  const subtle: SubtleCrypto | undefined = crypto.subtle;
  if (subtle === undefined) return undefined;
  // It takes no shared memory.
  const isOwn = bytes.buffer instanceof ArrayBuffer;
  const own = isOwn ? (bytes as Uint8Array<ArrayBuffer>) : Uint8Array.from(bytes);
  const digest = new Uint8Array(await subtle.digest('SHA-256', own));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
