/** The lab as the end-to-end tests drive it; every test fails on an error in the console. */
import { test as base, expect, type Locator, type Page } from '@playwright/test';
import { problemsOf } from './problems';

export { expect } from '@playwright/test';

export class LabPage {
  constructor(readonly page: Page) {}

  /**
   * Opens the lab and waits until a backend stands ready.
   *
   * @param search - settings of the address; on the CPU backend, which opens at once, unless it says otherwise
   */
  async open(search = 'backend=cpu', hash = '#lab'): Promise<void> {
    await this.page.goto(`./?${search}${hash}`);
    await this.ready();
  }

  async ready(): Promise<void> {
    const backend = this.page.getByRole('banner').locator('.badge strong');
    // Compiling the kernels of a larger network takes its time on the software adapter.
    await expect(backend).toBeVisible({ timeout: 60_000 });
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  /** Brings a panel up by its tab. */
  async show(title: string): Promise<void> {
    await this.page.getByRole('tab', { name: title, exact: true }).click();
  }

  /** The settings, whether their panel is shown or not. */
  get setup(): Locator {
    return this.page.getByRole('tabpanel', { name: 'Settings', includeHidden: true });
  }

  field(label: string): Locator {
    return this.setup.getByLabel(label, { exact: true });
  }

  /** Unfolds a group of settings. */
  async unfold(group: string): Promise<void> {
    const details = this.setup.locator('details').filter({
      has: this.page.getByRole('heading', { name: group, exact: true, includeHidden: true }),
    });
    if ((await details.getAttribute('open')) === null)
      await details.locator('summary').first().click();
  }

  /** Sets one of the settings, and leaves the panel that was shown. */
  async set(label: string, text: string): Promise<void> {
    await this.#inSettings(async () => {
      await this.field(label).fill(text);
      await this.field(label).blur();
    });
  }

  async #inSettings(act: () => Promise<void>): Promise<void> {
    const shown = await this.page.getByRole('tab', { selected: true }).innerText();
    if (shown !== 'Settings') await this.show('Settings');
    await act();
    if (shown !== 'Settings') await this.show(shown);
  }

  get progress(): Locator {
    return this.page.getByRole('group', { name: 'Training' }).getByText(/^Epoch/);
  }

  /** Takes the settings over, waits until the run is a new one, and leaves the panel that was shown. */
  async applyAndRestart(): Promise<void> {
    await this.#inSettings(async () => {
      const apply = this.button('Apply and restart');
      await apply.click();
      await expect(apply).toBeDisabled();
    });
  }

  /** Epochs done, as the bar says. */
  async epoch(): Promise<number> {
    const text = await this.progress.innerText();
    return Number(/^Epoch ([\d,]+) of/.exec(text)?.[1].replaceAll(',', ''));
  }

  /** Starts and waits for the end. */
  async train(): Promise<void> {
    await this.button('Start').click();
    await this.trained();
  }

  async trained(): Promise<void> {
    await expect(this.button('Start again')).toBeVisible({ timeout: 60_000 });
  }

  /** The rows of the runs, below the curves. */
  get runs(): Locator {
    return this.page.getByRole('region', { name: 'Runs', exact: true }).locator('tbody tr');
  }

  get status(): Locator {
    return this.page.getByRole('status').first();
  }
}

/** Tests with the lab, in a page that must stay free of problems. */
export const test = base.extend<{ lab: LabPage }>({
  lab: async ({ page }, use) => {
    const problems = await problemsOf(page);
    await use(new LabPage(page));
    expect(problems).toEqual([]);
  },
});
