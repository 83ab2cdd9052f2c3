/** Feature maps: from a network without any to one that trains, looked at place by place, and drawn for. */
import { violationsOf } from './axe';
import { expect, test } from './lab-page';

test('maps come with a convolution, follow training and a drawing, and say what a place sees', async ({
  lab,
  page,
}) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await lab.open('backend=cpu', '#lab/maps');
  const panel = page.getByRole('tabpanel', { name: 'Maps' });
  await expect(panel).toContainText('Choose conv layers to see feature maps');
  await lab.button('Set a small convolutional network').click();
  const strip = panel.getByRole('list', { name: /^Shapes/ });
  await expect(strip.getByRole('listitem')).toContainText([
    ...['8×8×1', '8×8×8', '4×4×8', '4×4×16', '2×2×16', '10'],
  ]);
  const maps = panel.getByRole('application');
  await expect(maps).toHaveCount(8 + 8 + 16 + 16);
  const third = panel.getByRole('application', { name: /^max pool 4, channel 3 of 16, 2 by 2; / });
  await expect(panel).toContainText('Before training');
  const pixels = () => maps.first().locator('canvas').evaluate(pixelsOf);
  const before = await pixels();
  await lab.button('Step').click();
  await expect(panel).toContainText('After 1 epoch');
  await expect.poll(pixels).not.toBe(before);

  // By keys: to the map of a layer, to the one behind it, and down in that.
  await panel.getByRole('application', { name: /^conv 3, channel 1 of 16/ }).focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('PageDown');
  const second = panel.getByRole('application', { name: /^conv 3, channel 2 of 16, 4 by 4; / });
  await expect(second).toBeFocused();
  for (const key of ['ArrowUp', 'ArrowUp', 'ArrowUp', 'ArrowLeft', 'ArrowLeft', 'ArrowLeft']) {
    await page.keyboard.press(key);
  }
  const seen = panel.getByRole('region', { name: 'What a place sees' });
  await expect(seen).toContainText('conv 3, channel 2, row 1, column 1');
  await expect(seen).toContainText(
    'sees rows 1 to 5, columns 1 to 5 of the input; rows 1 to 2, columns 1 to 2 of all 8 maps of max pool 2',
  );
  await expect(seen).toContainText(/filter of 72 weights, −/);
  await expect(page.locator('output[aria-live="polite"]')).toContainText(
    /^Row 1, column 1: .*It sees rows 1 to 5/,
  );
  // Framed in the sample, in all maps of two layers, and in its own.
  await expect(panel.locator('.patch-outline')).toHaveCount(1 + 8 + 8 + 1);
  expect(await violationsOf(page, '.maps')).toEqual([]);

  // A run that begins anew leaves everything where it is.
  const says = await panel.locator('.maps-says').elementHandle();
  await lab.button('Reset').click();
  await expect(panel).toContainText('Before training');
  expect(await says?.evaluate(({ isConnected }) => isConnected)).toBe(true);

  // By pointer, and for a drawing.
  await third.click({ position: { x: 3, y: 3 } });
  await expect(seen).toContainText('max pool 4, channel 3, row 1, column 1');
  await panel.getByRole('radio', { name: 'Drawing' }).check();
  await panel.getByRole('application', { name: 'Drawing pad' }).focus();
  for (let row = 0; row < 6; row++) await page.keyboard.press('Shift+ArrowDown');
  await expect(panel.locator('.maps-says')).toHaveText(/^Your drawing is taken for \d with \d+ %$/);
  await expect(page.getByRole('region', { name: 'The network at work' })).toContainText(
    'Your drawing is taken for',
  );

  // What does not fit is said where it is typed.
  await lab.show('Settings');
  const typed = lab.setup.getByRole('textbox', { name: 'Layer 3', exact: true });
  await typed.fill('conv 16 5x5 relu');
  const rows = lab.setup.getByRole('group', { name: 'Layer by layer' });
  await expect(rows).toContainText('a filter of 5x5 does not fit on 4×4');
  const shapes = lab.setup.getByRole('list', { name: /^Shapes/ }).getByRole('listitem');
  await expect(shapes.filter({ hasText: '✗ does not fit' })).toContainText('conv 16 5x5 relu');
  await typed.fill('conv 4 3x3 relu');
  await expect(shapes).toContainText(['8×8×1', '8×8×8', '4×4×8', '2×2×4', '1×1×4', '10']);
  await lab.button('Add a convolution').click();
  await expect(rows.getByRole('textbox', { name: 'Layer 5', exact: true })).toHaveValue(
    'conv 16 3x3 same relu',
  );
});

function pixelsOf(canvas: Element): string {
  return (canvas as HTMLCanvasElement).toDataURL();
}
