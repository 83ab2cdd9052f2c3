/** The page's address in a browser's history, of which the test keeps the entries. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AddressSteps } from '../../src/app/address';

let entries: string[];
let index: number;
let writes: number;
/** How many changes the browser takes. */
let most: number;
let address: AddressSteps;

function write(go: () => void): void {
  if (writes >= most) throw new DOMException('Too many calls', 'SecurityError');
  writes += 1;
  go();
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  [entries, index, writes, most] = [['/'], 0, 0, Number.POSITIVE_INFINITY];
  vi.stubGlobal('history', {
    pushState: (_: unknown, __: string, url: string) =>
      write(() => {
        entries = [...entries.slice(0, ++index), url];
      }),
    replaceState: (_: unknown, __: string, url: string) =>
      write(() => {
        entries[index] = url;
      }),
    back: () =>
      setTimeout(() => {
        index -= 1;
        address.arrived();
      }, 5),
  });
  const here = () => new URL(entries[index], 'https://a.test');
  vi.stubGlobal('location', {
    get pathname() {
      return here().pathname;
    },
    get search() {
      return here().search;
    },
    get hash() {
      return here().hash;
    },
    get href() {
      return here().href;
    },
  });
  address = new AddressSteps();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** The entries that Back leads to, and the one that is shown. */
const upToHere = () => entries.slice(0, index + 1);

describe('the address', () => {
  it('has a step for a change, and one for all that is typed of it', () => {
    address.write('?a=1', true);
    address.write('?a=12', false);
    address.write('?b=1', true);
    expect(upToHere()).toEqual(['/', '/?a=12', '/?b=1']);
  });

  it('keeps no step that was taken back, as what the data refuse is', async () => {
    address.write('?a=1', true);
    address.write('?a=1&b=9', true);
    address.write('?a=1', false);
    await vi.advanceTimersByTimeAsync(10);
    expect(upToHere()).toEqual(['/', '/?a=1']);
    address.write('?a=1&b=9', true);
    address.write('?a=1', false);
    // The browser goes back in its own time.
    address.write('?a=1&c=3', false);
    await vi.advanceTimersByTimeAsync(10);
    expect(upToHere()).toEqual(['/', '/?a=1', '/?a=1&c=3']);
  });

  it('leaves the history alone where something else came between', async () => {
    address.write('?a=1', true);
    entries[index] += '#lab/race';
    address.write('', false);
    await vi.advanceTimersByTimeAsync(10);
    expect(upToHere()).toEqual(['/', '/#lab/race']);
    address.write('?a=1', true);
    address.arrived();
    address.write('', false);
    await vi.advanceTimersByTimeAsync(10);
    expect(index).toBe(2);
  });

  it('is written fewer than a hundred times in 30 seconds, and ends at the last word', async () => {
    for (let change = 1; change <= 3000; change++) {
      address.write(`?a=${change}`, true);
      await vi.advanceTimersByTimeAsync(10);
    }
    expect(writes).toBeGreaterThan(60);
    expect(writes).toBeLessThan(100);
    await vi.advanceTimersByTimeAsync(1000);
    expect(entries[index]).toBe('/?a=3000');
  });

  it('waits where the browser takes no more', async () => {
    most = 1;
    address.write('?a=1', true);
    address.write('?a=2', true);
    address.write('?a=3', false);
    expect(entries).toEqual(['/', '/?a=1']);
    most = 2;
    await vi.advanceTimersByTimeAsync(1000);
    expect(entries).toEqual(['/', '/?a=1', '/?a=3']);
  });

  it('is forgotten where somebody goes elsewhere before it is written', async () => {
    most = 0;
    address.write('?a=1', true);
    address.arrived();
    most = 9;
    await vi.advanceTimersByTimeAsync(1000);
    expect(entries).toEqual(['/']);
  });
});
