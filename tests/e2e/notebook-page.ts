/** The notebook view as the end-to-end tests drive it; every test fails on an error in the console. */
import { readFileSync } from 'node:fs';
import { test as base, expect, type Locator, type Page } from '@playwright/test';
import { problemsOf } from './problems';

export { expect } from '@playwright/test';

/** What the tests compare with: NumPy's run of the notebook. */
export interface NotebookFixture {
  readonly printed: readonly string[];
  readonly confusion_matrix: readonly (readonly number[])[];
  /** As scikit-learn prints it. */
  readonly classification_report: string;
  readonly labels: readonly number[];
  readonly predictions: readonly number[];
  readonly sample_indices: readonly number[];
  readonly test_outputs: readonly (readonly number[])[];
  readonly history: { readonly val_loss: readonly number[] };
}

export function notebookFixture(): NotebookFixture {
  const file = new URL('../fixtures/notebook.json', import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8'));
}

export class NotebookPage {
  constructor(readonly page: Page) {}

  /** Opens the page and waits until a backend stands ready. */
  async open(settings = ''): Promise<void> {
    // Without measuring plans first: the fixed table decides, and every run is alike.
    await this.page.goto(`./?tune=off${settings}`);
    await expect(this.evaluationSource).toContainText('Before training');
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  setting(label: string): Locator {
    return this.page.getByRole('textbox', { name: label });
  }

  async set(label: string, text: string): Promise<void> {
    await this.setting(label).fill(text);
    await this.setting(label).blur();
  }

  /** Trains to the end and waits for the evaluation after it. */
  async trainToTheEnd(epochs: number): Promise<void> {
    await this.button('Start').click();
    await expect(this.button('Start again')).toBeVisible({ timeout: 60_000 });
    await expect(this.evaluationSource).toContainText(`After ${epochs.toLocaleString('en')} epoch`);
  }

  get progress(): Locator {
    return this.page.getByRole('group', { name: 'Training' }).getByText(/^Epoch/);
  }

  /** Epochs done, as the bar says. */
  async epoch(): Promise<number> {
    const text = await this.progress.innerText();
    return Number(/^Epoch ([\d,]+) of/.exec(text)?.[1].replaceAll(',', ''));
  }

  get log(): Locator {
    return this.page.getByRole('region', { name: 'Training log' });
  }

  part(name: string): Locator {
    return this.page.getByRole('region', { name, exact: true });
  }

  get evaluationSource(): Locator {
    return this.part('Final evaluation')
      .getByText(/training|After/, { exact: false })
      .locator('xpath=self::*[contains(@class, "source")]');
  }

  get status(): Locator {
    return this.page.getByRole('status');
  }
}

/** Tests with a notebook page, which must stay free of problems. */
export const test = base.extend<{ notebook: NotebookPage }>({
  notebook: async ({ page }, use) => {
    const problems = await problemsOf(page);
    await use(new NotebookPage(page));
    expect(problems).toEqual([]);
  },
});

/** Cells of a table's body, row by row; a table that is just being opened gets its rows a moment later. */
export async function cellsOf(table: Locator): Promise<string[][]> {
  await table.locator('tbody tr').first().waitFor();
  const rows = await table.locator('tbody tr').all();
  return Promise.all(rows.map((row) => row.locator('th, td').allInnerTexts()));
}

/** Expects that the page says why WebGPU is missing, and trains on the CPU instead. */
export async function expectCpu(notebook: NotebookPage, cause: RegExp): Promise<void> {
  const { page } = notebook;
  const notice = page.locator('.notice');
  await expect(notice).toContainText('WebGPU is not available');
  await expect(notice).toContainText(cause);
  await expect(notebook.status).toContainText('This page goes on with CPU');
  await expect(page.getByRole('radio', { name: 'CPU' })).toBeChecked();
  await notebook.set('Epochs', '20');
  await notebook.trainToTheEnd(20);
  await expect(notebook.evaluationSource).toContainText('CPU');
}
