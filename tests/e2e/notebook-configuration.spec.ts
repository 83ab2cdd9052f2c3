/** The notebook view with other settings than the notebook's: it speaks of the network that it has. */
import { expect, test } from './notebook-page';

test('formulas and words are those of the chosen activation, loss and optimizer', async ({
  notebook,
  page,
}) => {
  await page.goto(
    './?tune=off&backend=cpu&epochs=5&digits=3,5,8&activation=relu&optimizer=adam&learning_rate=0.01',
  );
  const activation = notebook.part('The activation');
  await expect(activation).toContainText('through the ReLU');
  await expect(activation.getByRole('row').nth(2)).toHaveText(/−1\s*0\.0000\s*0\.0000/);
  await expect(activation).not.toContainText('sigmoid');
  const loss = notebook.part('The loss');
  await expect(loss).toContainText('Guessing among 3 classes costs ln 3 ≈ 1.0986');
  await expect(loss).toContainText('softmax');
  await expect(notebook.part('The update rule').getByRole('heading', { level: 3 })).toHaveText(
    'Adam',
  );

  await page.goto('./?tune=off&backend=cpu&epochs=5&activation=tanh');
  await expect(activation).toContainText('through the hyperbolic tangent');
  await expect(activation.getByRole('row').nth(5)).toHaveText(/2\s*0\.9640\s*0\.0707/);
  await expect(loss).toContainText('ln 2 ≈ 0.6931');
});

test('speaks of decay, momentum, dropout and schedule where there are any', async ({
  notebook,
  page,
}) => {
  const forward = notebook.part('The forward pass');
  const update = notebook.part('The update rule');
  await page.goto('./?tune=off&backend=cpu&epochs=5&digits=3,5,8');
  await expect(forward).toContainText('and every class gets about 1/3.');
  await expect(update).toContainText('here α = 0.5.');
  await page.goto(
    './?tune=off&backend=cpu&epochs=5&hidden=&momentum=0.9&nesterov=true&weight_decay=0.01&schedule=exponential&decay_rate=0.99',
  );
  await expect(forward).toContainText('through the one layer, before');
  await expect(update).toContainText(
    'here α begins at 0.5 and follows the schedule Exponential, the momentum μ = 0.9, the weight decay λ = 0.01, of weights only.',
  );
  await page.goto('./?tune=off&backend=cpu&epochs=5&dropout=0.2');
  await expect(forward).toContainText(
    'left out with a probability of 0.2, and the others are divided by 0.8',
  );
});

test('shows the data of the run that it shows, where another backend’s has other settings', async ({
  notebook,
  page,
}) => {
  await page.goto('./?tune=off&backend=cpu&epochs=5#lab');
  await notebook.button('Start').click();
  await expect(notebook.button('Start again')).toBeVisible();
  await page.getByRole('radio', { name: 'Reference' }).check();
  const digits = page.getByRole('group', { name: 'Classes' });
  for (const digit of ['4', '6', '9']) await digits.getByRole('checkbox', { name: digit }).check();
  for (const digit of ['0', '1']) await digits.getByRole('checkbox', { name: digit }).uncheck();
  await notebook.button('Start').click();
  await expect(notebook.button('Start again')).toBeVisible();
  await page.getByRole('link', { name: 'Notebook' }).click();
  const matrix = notebook
    .part('Final evaluation')
    .getByRole('region', { name: 'Confusion matrix' });
  const architecture = notebook.part('The architecture');
  await expect(matrix).toContainText(/4[\s\S]*6[\s\S]*9/);
  await expect(architecture).toContainText('64 → 16 → 8 → 3');

  // Back to the CPU, whose run tells 0 from 1.
  await page.getByRole('radio', { name: 'CPU' }).check();
  await expect(architecture).toContainText('64 → 16 → 8 → 1');
  await expect(notebook.evaluationSource).toContainText('After 5 epochs · CPU');
  await expect(matrix.getByRole('row')).toHaveCount(3);
  await expect(notebook.part('Ten predictions')).not.toContainText(/True[469]/);
  await expect(page.getByText('The settings differ from those of this run.')).toBeVisible();
});

test('leads to the benchmark page', async ({ page }) => {
  await page.goto('./?tune=off&backend=cpu');
  await page.getByRole('link', { name: 'The benchmark page' }).click();
  await expect(page).toHaveURL(/\/bench\.html$/);
  await expect(page).toHaveTitle('Benchmark: Shaderprop');
});
