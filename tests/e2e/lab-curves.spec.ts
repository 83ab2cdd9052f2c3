/** The curves: runs over each other, exact values, axes, files, and a long history. */
import { readFileSync } from 'node:fs';
import { expect, type LabPage, test } from './lab-page';

/** Trains two runs that differ in the learning rate; the second one is the present one. */
async function trainTwo(lab: LabPage): Promise<void> {
  await lab.open('backend=cpu&epochs=60', '#lab/curves');
  await lab.train();
  await lab.set('Learning rate', '0.9');
  await lab.applyAndRestart();
  await expect(lab.runs).toHaveCount(2);
  await lab.trained();
}

test('runs are laid over each other, named by what differs, and read by pointer and by keyboard', async ({
  lab,
  page,
}) => {
  await trainTwo(lab);
  await expect(lab.runs.nth(0)).toContainText('Learning rate 0.9, Epochs 60 · CPU');
  await expect(lab.runs.nth(1)).toContainText('Epochs 60 · CPU');
  const chart = lab.page.getByRole('img', { name: /^Loss by epoch/ });
  await expect(chart).toHaveAccessibleName(/Learning rate 0\.9.*Epochs 60 · CPU: train 0\.69/);

  const epoch = lab.runs.nth(0).locator('td').first();
  // Whoever reads a chart that was only just drawn moves until it answers.
  const moved = async () => {
    await chart.hover();
    return Number(await epoch.innerText());
  };
  await expect.poll(moved).toBeLessThan(45);
  const other = await lab.runs.nth(1).locator('td').first().innerText();
  expect(await epoch.innerText()).toBe(other);
  await page.mouse.move(0, 0);
  await expect(epoch).toHaveText('60');

  const slider = page.getByRole('slider', { name: /Read the values/ });
  await slider.focus();
  await page.keyboard.press('Home');
  await expect(epoch).toHaveText('1');
  // NumPy's own value of the first epoch; see the fixture.
  const fixture = JSON.parse(
    readFileSync(new URL('../fixtures/notebook.json', import.meta.url), 'utf8'),
  );
  await expect(lab.runs.nth(0).locator('td').nth(1)).toHaveText(fixture.history.loss[0].toFixed(4));

  const old = lab.runs.nth(1);
  await old.getByRole('button', { name: /rename/ }).click();
  await old.getByRole('textbox').fill('slow one');
  await old.getByRole('textbox').press('Enter');
  await expect(old).toContainText('slow one');
  await old.getByRole('button', { name: /^Show/ }).click();
  await expect(chart).not.toHaveAccessibleName(/slow one/);
  await old.getByRole('button', { name: /^Delete/ }).click();
  await expect(lab.runs).toHaveCount(1);
});

test('axes, scales and smoothing can be changed, and curves taken away as PNG, SVG and CSV', async ({
  lab,
  page,
}) => {
  await trainTwo(lab);
  await expect(page.locator('.slider output')).toHaveText('off');
  for (const axis of ['step', 'seconds', 'epoch']) {
    await page.getByRole('radio', { name: axis }).check();
    await expect(page.getByRole('img', { name: `Loss by ${axis}` })).toBeVisible();
  }
  await page.getByRole('checkbox', { name: 'Log loss axis' }).check();
  await page.getByRole('checkbox', { name: 'Fit accuracy' }).check();
  await page.getByRole('slider', { name: /^Smoothing/ }).fill('0.9');
  await expect(page.locator('.slider output')).toHaveText('0.90');
  // The picture is that of the chart: it has more than the background.
  const colors = await page
    .locator('.curves canvas')
    .first()
    .evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? {
        data: [],
      };
      const seen = new Set<string>();
      for (let i = 0; i < data.length; i += 4) seen.add(data.slice(i, i + 4).join());
      return seen.size;
    });
  expect(colors).toBeGreaterThan(20);

  const curves = page.getByRole('region', { name: 'Curves' });
  const [csv] = await Promise.all([
    page.waitForEvent('download'),
    curves.getByRole('button', { name: 'CSV' }).click(),
  ]);
  const lines = readFileSync(await csv.path(), 'utf8')
    .trimEnd()
    .split('\n');
  expect(lines).toHaveLength(1 + 2 * 60);
  expect(lines[0]).toMatch(/^run,backend,adapter,precision,epoch,step,seconds,loss/);
  expect(lines[60]).toMatch(/^"Learning rate 0.9, Epochs 60 · CPU",cpu,.*,float32,60,60,/);
  const [png] = await Promise.all([
    page.waitForEvent('download'),
    curves.getByRole('button', { name: 'PNG' }).click(),
  ]);
  const bytes = readFileSync(await png.path());
  expect(bytes.subarray(1, 4).toString()).toBe('PNG');
  expect(bytes.length).toBeGreaterThan(5000);
  // As large as a report wants it, whatever the window.
  expect(bytes.readUInt32BE(16)).toBe(2480);
  const [svg] = await Promise.all([
    page.waitForEvent('download'),
    curves.getByRole('button', { name: 'SVG' }).click(),
  ]);
  const text = readFileSync(await svg.path(), 'utf8');
  expect(text).toContain('>Learning rate 0.9, Epochs 60 · CPU, ');
  expect(text).toMatch(/<title>.*: loss and accuracy by epoch<\/title>/);

  // On paper, only what is read.
  await page.emulateMedia({ media: 'print' });
  await expect(curves.getByRole('img').first()).toBeVisible();
  for (const part of [page.getByRole('banner'), lab.setup, page.getByRole('tablist')]) {
    await expect(part).toBeHidden();
  }
});

test('draws at most ten times a second, with a long history', { tag: '@slow' }, async ({
  lab,
  page,
}) => {
  await page.addInitScript(() => {
    // Chart.js clears the canvas once for each drawing.
    const { clearRect } = CanvasRenderingContext2D.prototype;
    const counts = new Map<HTMLCanvasElement, number>();
    CanvasRenderingContext2D.prototype.clearRect = function (...box) {
      counts.set(this.canvas, (counts.get(this.canvas) ?? 0) + 1);
      return clearRect.apply(this, box);
    };
    Object.assign(globalThis, { drawings: () => Math.max(0, ...counts.values()) });
  });
  await lab.open('backend=cpu&epochs=1000000&hidden=', '#lab/curves');
  await lab.button('Start').click();
  await expect.poll(() => lab.epoch(), { timeout: 60_000 }).toBeGreaterThan(20_000);
  const drawings = () => page.evaluate('drawings()') as Promise<number>;
  const [before, begin] = [await drawings(), Date.now()];
  await page.waitForTimeout(3000);
  const rate = (1000 * ((await drawings()) - before)) / (Date.now() - begin);
  expect(rate).toBeLessThanOrEqual(10.5);
  const drawn = await drawings();
  await expect.poll(drawings).toBeGreaterThan(drawn);
});
