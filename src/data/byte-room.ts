/** Where the bytes of a large data set are put: into memory of their own, unless a backend has a better place. */

/** Gives room for so many bytes, all zeros. */
export type ByteRoom = (bytes: number) => Uint8Array;

const OWN: ByteRoom = (bytes) => new Uint8Array(bytes);
let room = OWN;

/** Says where data sets that are read from now on are put. */
export function setByteRoom(other: ByteRoom = OWN): void {
  room = other;
}

export function byteRoom(bytes: number): Uint8Array {
  return room(bytes);
}
