/** A link that is posted shows what the built page is, and its picture can be had. */
import { expect, test } from '@playwright/test';

test('the built page has a title, a description and a picture for whoever previews it', async ({
  request,
}) => {
  const html = await (await request.get('./')).text();
  const contentOf = (property: string) =>
    new RegExp(`<meta (?:property|name)="${property}" content="([^"]+)"`).exec(html)?.[1];
  expect(contentOf('og:title')).toContain('Shaderprop');
  expect(contentOf('og:description')).toContain('neural network');
  expect(contentOf('twitter:card')).toBe('summary_large_image');
  // The tests' build is told no address.
  expect(contentOf('og:image')).toBe('./preview.webp');
  const picture = await request.get('./preview.webp');
  expect(picture.headers()['content-type']).toBe('image/webp');
});
