/** Files of data sets that cannot be had: people hear which one, and what to do. */
import { afterEach, expect, it, vi } from 'vitest';
import { fetched } from '../../src/data/read-file';

const FILE = new URL('https://example.org/assets/digits.csv');

afterEach(() => vi.unstubAllGlobals());

it('without a connection says so, and not what the browser calls it', async () => {
  vi.stubGlobal('fetch', async () => {
    throw new TypeError('Failed to fetch');
  });
  await expect(fetched(FILE)).rejects.toThrow(
    'digits.csv could not be loaded: there is no connection. Reload the page once there is one.',
  );
});

it('refused by the host says how', async () => {
  vi.stubGlobal('fetch', async () => new Response('', { status: 404 }));
  await expect(fetched(FILE)).rejects.toThrow('digits.csv could not be loaded (HTTP 404).');
});
