/** Changes what the page's workers find: an init script does not reach them. */
import type { Page } from '@playwright/test';

/** Runs `code` in the workers that train and measure, before their scripts. */
export async function inWorker(page: Page, code: string): Promise<void> {
  await page.route(/(training|race)-worker.*\.js/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${code}${await response.text()}` });
  });
}

export const WITHOUT_WEBGPU = 'Reflect.deleteProperty(WorkerNavigator.prototype, "gpu");';
