/** Whoever posts a link sees what it leads to: title, description and picture. */
import { readFileSync } from 'node:fs';
import type { HtmlTagDescriptor, IndexHtmlTransformContext } from 'vite';
import { expect, it } from 'vitest';
import { linkPreview } from '../../build/link-preview';

const read = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url));

/** The tags that a page gets, by their names. */
async function tagsOf(page: string, site?: string): Promise<Record<string, string>> {
  const { transformIndexHtml } = linkPreview(site);
  if (typeof transformIndexHtml !== 'object') throw new Error('no hook');
  const context = { path: `/${page}` } as IndexHtmlTransformContext;
  const tags = await transformIndexHtml.handler.call({} as never, String(read(page)), context);
  return Object.fromEntries(
    (tags as HtmlTagDescriptor[]).map(({ attrs = {} }) => [
      attrs.property ?? attrs.name,
      attrs.content,
    ]),
  );
}

it('has the words of the page, and the whole address of the picture', async () => {
  const tags = await tagsOf('index.html', 'https://example.org/shaderprop');
  expect(tags).toMatchObject({
    'og:title': 'Shaderprop: a neural network from scratch on WebGPU',
    'og:description': expect.stringMatching(/^Trains a neural network .*float64\.$/),
    'og:url': 'https://example.org/shaderprop/',
    'og:image': 'https://example.org/shaderprop/preview.webp',
    'twitter:card': 'summary_large_image',
  });
  expect(await tagsOf('index.html', 'https://example.org/shaderprop/')).toEqual(tags);
});

it('knows no address where the build was told none, and refuses what is none', async () => {
  const tags = await tagsOf('index.html');
  expect([tags['og:image'], tags['og:url']]).toEqual(['./preview.webp', undefined]);
  expect(() => linkPreview('shaderprop.example.org')).toThrow(/"shaderprop\.example\.org" is not/);
  expect(await tagsOf('bench.html')).toEqual({});
});

it('states the size that the picture has', async () => {
  const tags = await tagsOf('index.html');
  const emitted: Buffer[] = [];
  const emitFile = ({ source }: { source: Buffer }) => emitted.push(source);
  (linkPreview(undefined).buildStart as () => void).call({ emitFile } as never);
  const [picture] = emitted;
  // Behind the chunk's name, its length and four flags: the last column and row, in three bytes each.
  expect(picture.subarray(8, 16).toString('latin1')).toBe('WEBPVP8X');
  const size = [24, 27].map((at) => picture.readUIntLE(at, 3) + 1);
  expect([tags['og:image:width'], tags['og:image:height']].map(Number)).toEqual(size);
});
