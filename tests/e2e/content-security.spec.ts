/**
 * The built page's content security policy, with Trusted Types: what it refuses. That the page itself
 * asks for none of it is seen by every other end-to-end test, which fails on a breach.
 */
import { expect, NotebookPage, test } from './notebook-page';
import { problemsOf } from './problems';

test.use({ serviceWorkers: 'allow' });

type Attack = readonly [name: string, directive: string, act: () => unknown];

declare global {
  /** What each attack broke; nothing where it went through. Put into the page by `defineAttacks`. */
  var attackAll: () => Promise<(readonly [name: string, expected: string, broken: string[]])[]>;
}

/** Runs in the page, before its scripts. Attacks start from a timer: what a test evaluates may use eval. */
function defineAttacks(): void {
  const append = (tag: string, set: (element: HTMLElement) => void) => {
    const element = document.createElement(tag);
    set(element);
    document.body.append(element);
    return element;
  };
  const harm = () => "document.title = 'attacked'";
  const away = 'https://example.org/';
  const attacks: readonly Attack[] = [
    ['inline script', 'require-trusted-types-for', () => append('script', (s) => s.append(harm()))],
    [
      'event handler',
      'require-trusted-types-for',
      () => append('b', (b) => b.setAttribute('onclick', harm())).click(),
    ],
    [
      'javascript: link',
      'script-src-elem',
      () => append('a', (a) => a.setAttribute('href', `javascript:${harm()}`)).click(),
    ],
    [
      'address of a script',
      'require-trusted-types-for',
      () => append('script', (s) => s.setAttribute('src', './theme.js')),
    ],
    ['address of a worker', 'require-trusted-types-for', () => new Worker('./theme.js')],
    [
      'address of a service worker',
      'require-trusted-types-for',
      () => navigator.serviceWorker.register('./sw.js').catch(() => undefined),
    ],
    [
      'innerHTML',
      'require-trusted-types-for',
      () => Reflect.set(document.body, 'innerHTML', '<b></b>'),
    ],
    [
      'insertAdjacentHTML',
      'require-trusted-types-for',
      () => document.body.insertAdjacentHTML('beforeend', '<b></b>'),
    ],
    [
      'srcdoc',
      'require-trusted-types-for',
      () => append('iframe', (f) => f.setAttribute('srcdoc', '<b></b>')),
    ],
    [
      'parser',
      'require-trusted-types-for',
      () => new DOMParser().parseFromString('<b></b>', 'text/html'),
    ],
    [
      'timer of a text',
      'require-trusted-types-for',
      () => Reflect.apply(setTimeout, window, [harm()]),
    ],
    [
      'eval',
      'require-trusted-types-for',
      () => Reflect.apply(Reflect.get(window, 'eval'), window, [harm()]),
    ],
    [
      'policy of another name',
      'trusted-types',
      () =>
        globalThis.trustedTypes?.createPolicy('evil' as 'shaderprop', {
          createScriptURL: (url) => url,
        }),
    ],
    [
      'default policy',
      'trusted-types',
      () =>
        globalThis.trustedTypes?.createPolicy('default' as 'shaderprop', {
          createScriptURL: (url) => url,
        }),
    ],
    ['style attribute', 'style-src-attr', () => document.body.setAttribute('style', 'color: red')],
    ['style sheet', 'style-src-elem', () => append('style', (s) => s.append('b { color: red }'))],
    [
      'image from elsewhere',
      'img-src',
      () => append('img', (i) => i.setAttribute('src', `${away}x.png`)),
    ],
    ['request to elsewhere', 'connect-src', () => fetch(away).catch(() => undefined)],
    ['frame', 'frame-src', () => append('iframe', (f) => f.setAttribute('src', './'))],
    ['another base', 'base-uri', () => append('base', (b) => b.setAttribute('href', away))],
    [
      'form',
      'form-action',
      () => (append('form', (f) => f.setAttribute('action', away)) as HTMLFormElement).submit(),
    ],
  ];
  globalThis.attackAll = async () => {
    const results = [];
    for (const [name, expected, act] of attacks) {
      const broken: string[] = [];
      await new Promise<void>((resolve) => {
        const listen = ({ effectiveDirective }: SecurityPolicyViolationEvent) => {
          broken.push(effectiveDirective);
          if (effectiveDirective === expected) end();
        };
        const end = () => {
          document.removeEventListener('securitypolicyviolation', listen);
          resolve();
        };
        document.addEventListener('securitypolicyviolation', listen);
        setTimeout(() => {
          try {
            act();
          } catch {
            // Some are refused with an error as well.
          }
          setTimeout(end, 2000);
        });
      });
      if (document.title === 'attacked') broken.length = 0;
      results.push([name, expected, broken] as const);
    }
    return results;
  };
}

for (const name of ['index.html', 'bench.html']) {
  test(`${name} refuses scripts, styles and addresses that are not its own`, async ({ page }) => {
    await page.addInitScript(defineAttacks);
    await page.goto(`./${name}`);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    const results = await page.evaluate(() => attackAll());
    expect(results.length).toBeGreaterThan(20);
    expect(results.filter(([, expected, broken]) => !broken.includes(expected))).toEqual([]);
  });
}

test('scripts, handlers and styles that came with the page’s HTML are refused', async ({
  page,
}) => {
  const problems = await problemsOf(page);
  const evil = `<script>document.title = 'attacked'</script><style>b { color: red }</style>
    <b style="color: red"></b><img src="./favicon.svg" onload="document.title = 'attacked'">`;
  await page.route(/\/\?/, async (route) => {
    const response = await route.fetch();
    const body = (await response.text()).replace('</body>', `${evil}</body>`);
    await route.fulfill({ response, body });
  });
  await page.goto('./?backend=cpu');
  await expect(new NotebookPage(page).evaluationSource).toContainText('Before training');
  const broken = problems.flatMap((line) => /^breach of (\S+):/.exec(line)?.[1] ?? []);
  expect(broken.sort()).toEqual([
    'script-src-attr',
    'script-src-elem',
    'style-src-attr',
    'style-src-elem',
  ]);
  expect(await page.title()).not.toBe('attacked');
});

test.describe('in a browser without Trusted Types', () => {
  test.use({ bypassCSP: true });

  test('trains all the same', async ({ notebook, page }) => {
    await page.addInitScript(() => Reflect.deleteProperty(globalThis, 'trustedTypes'));
    await page.goto('./?backend=cpu&epochs=20');
    await notebook.trainToTheEnd(20);
    expect(await page.evaluate(() => 'trustedTypes' in globalThis)).toBe(false);
    expect(await page.evaluate(async () => (await navigator.serviceWorker.ready).scope)).toBe(
      new URL('./', page.url()).href,
    );
  });
});
