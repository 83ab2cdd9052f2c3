/** What may not happen in a page: an error in the console, one that nobody caught, a breach of its policy. */
import type { Page } from '@playwright/test';

/** Problems of a page from now on, in the order in which they come; workers write to its console, too. */
export async function problemsOf(page: Page): Promise<readonly string[]> {
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(error.message));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (breach) => {
      const { effectiveDirective, blockedURI, sample } = breach;
      console.error(`breach of ${effectiveDirective}: ${blockedURI} ${sample}`);
    });
  });
  return problems;
}
