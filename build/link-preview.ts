/** What a link to the page looks like where it is posted: a title, two lines and a picture. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HtmlTagDescriptor, Plugin } from 'vite';

/** A picture that the README shows as well, under a name that stays: crawlers keep addresses for long. */
const PICTURE = 'tests/e2e/screenshots/notebook-start-1280-light.webp';
const PICTURE_NAME = 'preview.webp';
const PICTURE_SIZE = { width: 1280, height: 800 };
const PICTURE_ALT =
  'The page: a small neural network at work, with its curves and ten test digits.';

/**
 * Describes the page to whoever previews a link to it, in the words of its own title and description, and
 * puts the picture beside it.
 *
 * @param site - where the page will be, such as `https://example.org/shaderprop`; most crawlers take the
 * picture by an absolute address only. Without it that is relative
 * @throws RangeError where `site` is no address of the web
 */
export function linkPreview(site: string | undefined): Plugin {
  const root = site ? rootOf(site) : undefined;
  let folder = '.';
  return {
    name: 'link-preview',
    apply: 'build',
    configResolved(config) {
      folder = config.root;
    },
    buildStart() {
      this.emitFile({
        ...{ type: 'asset', fileName: PICTURE_NAME },
        source: readFileSync(join(folder, PICTURE)),
      });
    },
    transformIndexHtml: {
      order: 'pre',
      handler: (html, { path }) => (path.endsWith('/index.html') ? tagsOf(html, root) : []),
    },
  };
}

function rootOf(site: string): string {
  const root = site.endsWith('/') ? site : `${site}/`;
  if (!/^https?:/.test(root) || !URL.canParse(root)) {
    throw new RangeError(
      `SHADERPROP_SITE: "${site}" is not allowed; an address that begins with https:// or http://.`,
    );
  }
  return root;
}

function tagsOf(html: string, root: string | undefined): HtmlTagDescriptor[] {
  const title = /<title>([^<]*)</.exec(html)?.[1] ?? '';
  const description = /name="description"\s+content="([^"]*)"/.exec(html)?.[1] ?? '';
  const properties = {
    'og:type': 'website',
    'og:title': title,
    'og:description': description,
    ...(root !== undefined && { 'og:url': root }),
    'og:image': `${root ?? './'}${PICTURE_NAME}`,
    'og:image:width': String(PICTURE_SIZE.width),
    'og:image:height': String(PICTURE_SIZE.height),
    'og:image:alt': PICTURE_ALT,
  };
  return [
    ...Object.entries(properties).map(([property, content]) => ({ property, content })),
    { name: 'twitter:card', content: 'summary_large_image' },
  ].map((attrs) => ({ tag: 'meta', attrs, injectTo: 'head' }));
}
