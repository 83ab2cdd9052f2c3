/** The stage in the notebook: what it shows at rest and says to a screen reader, and how it comes alive. */
import { violationsOf } from './axe';
import { expect, notebookFixture, test } from './notebook-page';

const { labels, sample_indices } = notebookFixture();

test('the network is seen at work: at rest, trained, and unit by unit with the keyboard', async ({
  notebook,
  page,
}) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.goto('./?tune=off&backend=cpu');
  const stage = page.getByRole('region', { name: 'The network at work' });
  const picture = stage.getByRole('listbox', {
    name: 'The network: 64 inputs, 16 sigmoid units, 8 sigmoid units and 1 sigmoid output. Its units',
  });
  await expect(picture.getByRole('option')).toHaveCount(25);
  await expect(stage).toContainText('before training');
  // All of it is in sight, and Start with it.
  for (const part of [
    page.getByRole('heading', { level: 1 }),
    notebook.button('Start'),
    picture,
    ...(await stage.getByRole('radio').all()),
    stage.getByRole('img', { name: 'Loss, a small curve; no epoch yet.' }),
    stage.getByRole('img', { name: 'Accuracy, a small curve; no epoch yet.' }),
    stage.getByRole('combobox', { name: 'Speed' }),
    stage.getByRole('combobox', { name: 'Learning rate' }),
  ]) {
    await expect(part).toBeInViewport({ ratio: 1 });
  }

  // The ten samples are Part 10's; what random weights take them for is neither right nor wrong.
  const answers = stage.getByRole('radio');
  await expect(answers).toHaveCount(10);
  for (const [place, sample] of sample_indices.entries()) {
    await expect(answers.nth(place)).toHaveAccessibleName(
      new RegExp(
        `^Test sample ${sample}, digit ${labels[sample]}, not trained yet: taken for [01] with`,
      ),
    );
  }
  await expect(stage).not.toContainText(/[✓✗]|right/);
  await notebook.button('Start').click();
  await expect(stage.getByRole('radio', { name: /right: taken for/ })).toHaveCount(10);
  await expect(stage).toContainText('after 1,000 epochs');
  await expect(
    stage.getByRole('img', { name: /^Loss, a small curve; epoch 1,000: train/ }),
  ).toBeVisible();

  // Another sample, sent through the picture by keyboard.
  await answers.nth(0).focus();
  await page.keyboard.press('ArrowRight');
  await expect(stage).toContainText(
    `Test sample ${sample_indices[1]}, digit ${labels[sample_indices[1]]}, is taken for`,
  );

  // The tab key goes to the picture, the arrow keys go to its units.
  await picture.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  const active = picture.getByRole('option', { selected: true });
  await expect(active).toHaveAccessibleName(/^Unit 2 of layer 1, activation [\d.−e]+$/);
  await expect(picture).toHaveAttribute(
    'aria-activedescendant',
    (await active.getAttribute('id')) ?? 'none',
  );
  const unit = stage.getByRole('region', { name: 'Unit 2 of layer 1' });
  await expect(unit.getByRole('img', { name: /^Its 64 weights, from −/ })).toBeVisible();
  const shown = (await active.getAttribute('aria-label'))?.replace(/^.*activation /, '');
  await expect(unit.getByRole('definition').first()).toHaveText(shown ?? '');
  expect(await violationsOf(page, '.stage')).toEqual([]);
  await page.keyboard.press('End');
  await page.keyboard.press('ArrowRight');
  await expect(stage.getByRole('region', { name: 'Unit 8 of layer 2' })).toBeVisible();

  // Out of sight it is left alone.
  await notebook.part('Ten predictions').scrollIntoViewIfNeeded();
  await notebook.button('Reset').click();
  await expect(notebook.evaluationSource).toContainText('Before training');
  await expect(
    stage.getByRole('img', { name: /^Loss, a small curve; epoch 1,000: train/ }),
  ).toBeAttached();
  await stage.scrollIntoViewIfNeeded();
  await expect(
    stage.getByRole('img', { name: 'Loss, a small curve; no epoch yet.' }),
  ).toBeVisible();
  await expect(stage).toContainText('before training');
});

test('the first run of a visitor is slowed down, once', async ({ notebook, page }) => {
  await page.goto('./');
  const word = page.locator('.stage-word');
  await expect(word).toHaveText(
    'The first run takes about eight seconds, so that you can watch it.',
  );
  const speed = page.getByRole('combobox', { name: 'Speed' }).locator('option:checked');
  await expect(speed).toHaveText('slow motion');
  // Whatever is under way: the page opens its backend.
  await notebook.button('Start').click();
  await expect.poll(() => notebook.epoch(), { timeout: 60_000 }).toBeGreaterThan(0);
  await expect(word).not.toContainText('The first run');
  await page.goto('./?backend=cpu');
  await expect(word).toHaveCount(0);
  await expect(speed).toHaveText('full speed');
  await page.goto('./');
  await expect(notebook.button('Start')).toBeVisible();
  await expect(word).toHaveCount(0);
});

test('the picture is painted anew when the network was looked at, not with every report', async ({
  notebook,
  page,
}) => {
  await page.goto('./?tune=off&backend=cpu&epochs=1000000');
  await notebook.button('Start').click();
  await expect(page.locator('.stage-epoch')).toHaveText(/^after/);
  const painted = await page.evaluate(async () => {
    const stage = document.querySelector('.stage-main');
    if (stage === null) throw new Error('The page has no stage.');
    const count = { looks: 0, paintings: 0 };
    await new Promise<void>((resolve) => {
      new MutationObserver((records) => {
        // To size a canvas empties it: each painting begins so.
        count.paintings += records.filter((each) => each.attributeName === 'width').length;
        count.looks += records.filter((each) =>
          each.target.parentElement?.matches('.stage-epoch'),
        ).length;
        if (count.looks >= 8) resolve();
      }).observe(stage, { attributes: true, characterData: true, subtree: true });
    });
    return count;
  });
  // Now and then two looks are at the same epoch.
  expect(painted.paintings).toBeLessThan(1.5 * painted.looks);
});
