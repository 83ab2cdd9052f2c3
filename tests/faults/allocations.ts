/** Counts what typed arrays and lists of a given length would take, and refuses too much before it is taken. */

const TYPED = [
  ...(['Float64Array', 'Float32Array', 'Uint32Array', 'Uint16Array', 'Uint8Array'] as const),
  ...(['Int32Array', 'BigUint64Array'] as const),
] as const;

export class TooLargeError extends Error {
  override readonly name = 'TooLargeError';
}

/**
 * What `use` gives, while nothing may allocate more than `limit` bytes at once.
 *
 * @throws TooLargeError where something would
 */
export async function withinBytes<T>(limit: number, use: () => T | Promise<T>): Promise<T> {
  const originals = new Map(TYPED.map((name) => [name, globalThis[name]] as const));
  const from = Array.from;
  const refuse = (bytes: number, what: string) => {
    if (bytes > limit) throw new TooLargeError(`${what} of ${bytes} bytes`);
  };
  for (const [name, original] of originals) {
    const guarded = new Proxy(original, {
      construct(target, [first, ...rest], newTarget) {
        if (typeof first === 'number') refuse(first * target.BYTES_PER_ELEMENT, name);
        return Reflect.construct(target, [first, ...rest], newTarget);
      },
    });
    Reflect.set(globalThis, name, guarded);
  }
  Array.from = function guardedFrom(this: ArrayConstructor, ...args: Parameters<typeof from>) {
    const { length } = args[0] as ArrayLike<unknown>;
    if (typeof length === 'number') refuse(8 * length, 'a list');
    return from.apply(this, args);
  } as typeof from;
  try {
    return await use();
  } finally {
    for (const [name, original] of originals) Reflect.set(globalThis, name, original);
    Array.from = from;
  }
}
