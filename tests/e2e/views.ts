/**
 * Every view of the page with what it shows after training: walked through for access and layout, and
 * photographed.
 */
import type { Page } from '@playwright/test';
import { expect, type LabPage } from './lab-page';

export const SIZES = [
  { width: 390, height: 844 },
  { width: 768, height: 1024 },
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
] as const;

export const THEMES = ['light', 'dark'] as const;

export interface View {
  readonly name: string;
  /** Brings it into the page that `visit` has loaded. */
  readonly show: (lab: LabPage) => Promise<void>;
  /** Leaves it as it was found. */
  readonly leave?: (lab: LabPage) => Promise<void>;
  /** The part of the page that no view before it had; the whole page where it is left out. */
  readonly part?: string;
  /** What stands at the top of the window in its picture; the page's top where it is left out. */
  readonly top?: string;
}

/** Views that share one page: loaded, trained and prepared once. */
export interface Visit {
  readonly name: string;
  readonly open: (lab: LabPage) => Promise<void>;
  readonly views: readonly View[];
}

/** Ten digits: the widest tables, and some mistakes to look at. */
const TEN_DIGITS =
  'tune=off&schedule_kind=layered&digits=0,1,2,3,4,5,6,7,8,9&hidden=32,16&activation=relu&init=he_normal&optimizer=adam&learning_rate=0.003&epochs=60';

/** The preset of the spiral, which follows both arms. */
const SPIRAL =
  'backend=cpu&dataset=spiral&hidden=16,8&activation=tanh&init=glorot_uniform&optimizer=adam&learning_rate=0.01&batch_size=32&epochs=300';

const HERE: View['show'] = async () => undefined;

function panel(name: string, prepare: (lab: LabPage) => Promise<void> = HERE): View {
  return {
    name: name.toLowerCase(),
    part: '.panels',
    top: '.panels',
    show: async (lab) => {
      await lab.page.getByRole('tab', { name, exact: true }).click();
      const shown = lab.page.getByRole('tabpanel', { name, exact: true });
      await expect(shown).not.toContainText(/^Loading|^Opening|^Reading|^Evaluating/);
      await prepare(lab);
    },
  };
}

function dialog(name: string, open: (lab: LabPage) => Promise<void>): View {
  return {
    name: name.toLowerCase().replaceAll(' ', '-'),
    part: 'dialog',
    show: async (lab) => {
      await open(lab);
      await expect(lab.page.getByRole('dialog', { name })).not.toContainText(/^Loading/);
    },
    leave: async ({ page }) => {
      await page.keyboard.press('Escape');
      await expect(page.getByRole('dialog')).toHaveCount(0);
    },
  };
}

export const VISITS: readonly Visit[] = [
  {
    name: 'notebook',
    open: async (lab) => {
      await lab.open('tune=off', '');
      await lab.train();
    },
    views: [
      { name: 'notebook-start', show: HERE },
      { name: 'notebook', top: '#training', show: HERE },
    ],
  },
  {
    name: 'lab',
    open: async (lab) => {
      await lab.open(TEN_DIGITS, '#lab/curves');
      await lab.train();
      await lab.runs.first().getByRole('button', { name: /^Pin/ }).click();
      await lab.set('Learning rate', '0.01');
      await lab.applyAndRestart();
      await expect(lab.runs).toHaveCount(2);
      await lab.trained();
    },
    views: [
      { name: 'lab', show: HERE },
      panel('Settings'),
      panel('Challenges'),
      panel('Results', async ({ page }) => {
        const confused = page.locator('.matrix-cell.is-confused').first();
        if (await confused.isVisible()) await confused.click();
      }),
      panel('Network', async ({ page }) => {
        await page.getByRole('radio', { name: /^Unit 3 of layer 1,/ }).check();
      }),
      panel('Maps'),
      panel('Draw', drawSeven),
      panel('Race', race),
      panel('Kernels', async ({ page }) => {
        await page.locator('.kernels').getByRole('radio', { name: 'layered' }).check();
        await page.getByRole('button', { name: 'dense-backward-weights' }).first().click();
      }),
      panel('Export'),
      dialog('Diagnostics', async ({ page }) => {
        await page.getByRole('banner').locator('.badge').click();
        const shown = page.getByRole('dialog', { name: 'Diagnostics' });
        await shown.getByRole('button', { name: 'Run the self-test' }).click();
        await expect(shown).toContainText(/All \d+ kernels passed/, { timeout: 60_000 });
      }),
      dialog('View', (lab) => lab.button('View').click()),
      dialog('Keyboard shortcuts', ({ page }) => page.keyboard.press('?')),
      {
        name: 'presenter',
        show: ({ page }) => page.keyboard.press('v'),
        leave: ({ page }) => page.keyboard.press('v'),
      },
      // The last: they take the place of the network.
      { ...panel('Maps', mapsOfConvolutions), name: 'maps-of-convolutions' },
      {
        ...panel('Boundary'),
        show: async (lab) => {
          await lab.open(SPIRAL, '#lab/boundary');
          await lab.train();
          await expect(lab.page.getByRole('img', { name: /^The network answers/ })).toBeVisible();
        },
      },
    ],
  },
  {
    name: 'embed',
    open: async ({ page }) => {
      await page.goto('./?tune=off&epochs=120&init_scale=0.1&embed=1');
      await page.getByRole('button', { name: 'Start' }).click();
      await expect(page.getByText('Epoch 120 of 120')).toBeVisible({ timeout: 60_000 });
    },
    views: [{ name: 'embed', show: HERE }],
  },
  {
    name: 'bench',
    open: async ({ page }) => {
      await page.goto('./bench.html');
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    },
    views: [{ name: 'bench', show: HERE }],
  },
];

/** A network that has maps, trained, with one of them looked at. */
async function mapsOfConvolutions(lab: LabPage): Promise<void> {
  const { page } = lab;
  await page.getByRole('button', { name: 'Set a small convolutional network' }).click();
  await expect(
    page.getByRole('application', { name: /^max pool 4, channel 16 of 16/ }),
  ).toBeAttached();
  await lab.train();
  await page.getByRole('application', { name: /^conv 3, channel 1 of 16/ }).press('Home');
}

/** A seven with the mouse, where nothing is drawn yet. */
async function drawSeven({ page }: LabPage): Promise<void> {
  const pad = page.getByRole('application', { name: 'Drawing pad' });
  if ((await page.getByText('Nothing drawn yet.').count()) === 0) return;
  await pad.scrollIntoViewIfNeeded();
  const box = await pad.boundingBox();
  if (box === null) throw new Error('The pad can not be seen.');
  const places = [
    [0.25, 0.15],
    [0.75, 0.15],
    [0.4, 0.88],
  ].map(([x, y]) => [box.x + box.width * x, box.y + box.height * y]);
  await page.mouse.move(places[0][0], places[0][1]);
  await page.mouse.down();
  for (const [x, y] of places) await page.mouse.move(x, y, { steps: 8 });
  await page.mouse.up();
  await expect(page.getByText('Nothing drawn yet.')).toHaveCount(0);
}

/** A short race, where there was none yet. */
async function race({ page }: LabPage): Promise<void> {
  const shown = page.getByRole('region', { name: 'The same training, three ways' });
  const status = shown.getByRole('status');
  if ((await status.innerText()) !== '') return;
  await page.getByLabel('Length of the race').selectOption('60');
  await shown.getByRole('button', { name: 'Race', exact: true }).click();
  await expect(status).toHaveText('Finished after 60 epochs.', { timeout: 60_000 });
}

/** Puts a view where its picture is taken. */
export async function settle(page: Page, { top }: View): Promise<void> {
  await page.evaluate((selector) => {
    const place = selector === undefined ? undefined : document.querySelector(selector);
    if (place) place.scrollIntoView({ behavior: 'instant', block: 'start' });
    else scrollTo({ top: 0, behavior: 'instant' });
  }, top);
  await page.mouse.move(0, 0);
}
