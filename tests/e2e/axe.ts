/** Axe, run in the page that a test drives. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from '@playwright/test';
import type { AxeResults } from 'axe-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * What axe finds in the page as it is: a line for each rule that is broken.
 *
 * @param within - selector of the part to look at; the whole page where it is left out
 */
export async function violationsOf(page: Page, within?: string): Promise<string[]> {
  await page.evaluate(AXE);
  const context = within === undefined ? 'document' : JSON.stringify(within);
  const results: AxeResults = await page.evaluate(`axe.run(${context})`);
  return results.violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`,
  );
}
