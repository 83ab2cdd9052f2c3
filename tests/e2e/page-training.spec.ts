/** Training in the page: to the end on WebGPU, with pauses and steps, and on both backends. */
import { cellsOf, expect, notebookFixture, test } from './notebook-page';

const fixture = notebookFixture();

test('shows the notebook before training, with NumPy’s numbers', async ({ notebook }) => {
  await notebook.open();
  const data = notebook.part('The data');
  expect(await cellsOf(data.getByRole('table'))).toEqual([
    ['0', '0', '178', '142', '36'],
    ['1', '1', '182', '146', '36'],
  ]);
  expect(await cellsOf(notebook.part('The activation').getByRole('table').first())).toEqual([
    ['−2', '0.1192', '0.1050'],
    ['−1', '0.2689', '0.1966'],
    ['0', '0.5000', '0.2500'],
    ['1', '0.7311', '0.1966'],
    ['2', '0.8808', '0.1050'],
  ]);
  await expect(notebook.part('The architecture').locator('tfoot')).toContainText('1,185');
  await expect(notebook.part('The forward pass').locator('tbody tr')).toHaveCount(5);
  await expect(notebook.part('The loss').locator('tfoot td')).toHaveText('0.6888');
  const backpropagation = notebook.part('Backpropagation');
  await expect(backpropagation.locator('math')).toHaveCount(4);
  // The kernels come when the reader is nearly there.
  await backpropagation.scrollIntoViewIfNeeded();
  await expect(backpropagation.getByText('@compute').first()).toBeVisible();
  await expect(notebook.log).toContainText('');
  await expect(notebook.part('Ten predictions').getByRole('listitem')).toHaveCount(10);
});

test('trains to the end on WebGPU and on the reference, and compares them', async ({
  notebook,
  page,
}) => {
  await notebook.open();
  await notebook.trainToTheEnd(1000);

  const lines = (await notebook.log.innerText()).split('\n').filter((line) => line !== '');
  expect(lines).toEqual(fixture.printed);

  const evaluation = notebook.part('Final evaluation');
  await expect(evaluation.getByText(/WebGPU, .*software adapter.*float32/)).toBeVisible();
  const facts = await evaluation.locator('dl dd').allInnerTexts();
  const valLoss = fixture.history.val_loss.at(-1) ?? Number.NaN;
  expect(facts).toEqual(['1.0000', valLoss.toFixed(4)]);
  const [confusion, report] = await evaluation.getByRole('table').all();
  expect((await cellsOf(confusion)).map((row) => row.slice(1).map(Number))).toEqual(
    fixture.confusion_matrix,
  );
  expect(await cellsOf(report)).toEqual([
    ['Digit 0', '1.00', '1.00', '1.00', '36'],
    ['Digit 1', '1.00', '1.00', '1.00', '36'],
    ['accuracy', '', '', '1.00', '72'],
    ['macro avg', '1.00', '1.00', '1.00', '72'],
    ['weighted avg', '1.00', '1.00', '1.00', '72'],
  ]);

  const predictions = await notebook.part('Ten predictions').getByRole('listitem').all();
  for (const [position, sample] of fixture.sample_indices.entries()) {
    const predicted = fixture.predictions[sample];
    const output = fixture.test_outputs[0][sample];
    const probability = predicted === 1 ? output : 1 - output;
    const values = await predictions[position].locator('dd').allInnerTexts();
    expect(values.slice(0, 3)).toEqual([sample, fixture.labels[sample], predicted].map(String));
    expect(Math.abs(Number(values[3]) - probability)).toBeLessThan(1e-4);
    await expect(predictions[position]).toContainText('✓');
  }

  await notebook.button('Train on the reference').click();
  await expect(page.getByText(/Over 1,000 epochs the two histories differ/)).toBeVisible({
    timeout: 60_000,
  });
  expect((await notebook.log.innerText()).split('\n').filter((line) => line !== '')).toEqual(
    fixture.printed,
  );
  const times = page.getByRole('region', { name: 'Times of WebGPU and the reference' });
  const [webgpu, reference] = await cellsOf(times.getByRole('table'));
  expect(webgpu[5]).toMatch(/swiftshader.*software adapter.*float32/i);
  expect(reference[5]).toMatch(/float64/);
  for (const row of [webgpu, reference]) {
    expect(row[1]).toBe('1,000');
    for (const time of row.slice(2, 5)) expect(time).toMatch(/^[\d.,]+ m?s$/);
  }
  const [loss, accuracy] = await page
    .getByText(/the two histories differ by at most/)
    .locator('strong')
    .allInnerTexts();
  expect(accuracy).toBe('0');
  expect(loss).toMatch(/^\d\.\d × 10−[6-9]$/);
  await expect(page.getByText(/its times are not a GPU’s/)).toBeVisible();
});

test('pauses, steps, resumes and resets', async ({ notebook }) => {
  // More epochs than any machine trains before the pause.
  await notebook.open('&epochs=1000000');
  await notebook.button('Step').click();
  await expect.poll(() => notebook.epoch()).toBe(1);
  await expect(notebook.evaluationSource).toContainText('After 1 epoch');

  await notebook.button('Resume').click();
  await expect.poll(() => notebook.epoch()).toBeGreaterThan(5);
  await notebook.button('Pause').click();
  await expect(notebook.button('Resume')).toBeVisible();
  const paused = await notebook.epoch();
  expect(paused).toBeLessThan(1_000_000);
  await expect(notebook.evaluationSource).toContainText(
    `After ${paused.toLocaleString('en')} epochs`,
  );
  await expect(notebook.status).toContainText('Paused');

  await notebook.button('Step').click();
  await expect.poll(() => notebook.epoch()).toBe(paused + 1);

  await notebook.button('Reset').click();
  await expect.poll(() => notebook.epoch()).toBe(0);
  await expect(notebook.button('Start')).toBeVisible();
  await expect(notebook.evaluationSource).toContainText('Before training');
  await expect(notebook.log).not.toContainText('Epoch');
});

test('takes settings over, refuses wrong ones, and offers to restart', async ({ notebook }) => {
  await notebook.open();
  const rate = notebook.setting('Learning rate');
  await notebook.set('Learning rate', '-3');
  await expect(rate).toHaveAttribute('aria-invalid', 'true');
  await expect(rate).toHaveAccessibleDescription(/-3 is not allowed; use a number above 0/);
  await notebook.set('Learning rate', '0.25');
  await expect(rate).toHaveAttribute('aria-invalid', 'false');
  await expect(notebook.part('The update rule')).toContainText('α = 0.25');

  // The field still has the focus: the press on Start is what takes its value over.
  await notebook.setting('Epochs').fill('20');
  await notebook.trainToTheEnd(20);
  await expect(notebook.log).toContainText('Epoch   20/20 ');

  await notebook.set('Epochs', '30');
  await notebook.button('Apply and restart').click();
  await expect(notebook.progress).toHaveText('Epoch 30 of 30');
  await expect(notebook.button('Apply and restart')).toBeHidden();
});

test('the buttons of training keep their place while a backend is opened', async ({
  notebook,
  page,
}) => {
  await notebook.open();
  const seen = await page.evaluateHandle(() => {
    const [bar, start] = ['.bar', '.transport-primary'].map((name) => document.querySelector(name));
    if (!bar || !start) throw new Error('The page has no bar.');
    const places = new Set<number>();
    const badges = new Set<string>();
    new MutationObserver(() => {
      places.add(Math.round(start.getBoundingClientRect().left));
      badges.add(bar.querySelector('.badge')?.textContent ?? '');
    }).observe(bar, { childList: true, characterData: true, subtree: true });
    return { places, badges };
  });
  await notebook.set('Learning rate', '0.25');
  await expect(notebook.part('The update rule')).toContainText('α = 0.25');
  await expect(page.locator('button.badge')).toBeVisible();
  const { places, badges } = await seen.evaluate(({ places, badges }) => ({
    places: [...places],
    badges: [...badges],
  }));
  expect(badges).toContain('Opening…');
  expect(places).toHaveLength(1);
});
