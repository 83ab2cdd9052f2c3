/** Files and tables that are dropped or pasted anywhere on the page: the settings show what is in them. */
import type { Store } from './state/store';

/** Has the page take what is dropped and pasted, unless another place does. */
export function followFiles(store: Store): void {
  document.addEventListener('dragover', (event) => {
    if (event.dataTransfer?.types.includes('Files')) event.preventDefault();
  });
  document.addEventListener('drop', (event) => {
    const files = [...(event.dataTransfer?.files ?? [])];
    // They are known in this task alone.
    const items = [...(event.dataTransfer?.items ?? [])];
    const entries = items.flatMap((item) => item.webkitGetAsEntry() ?? []);
    // Where something else takes it, it has said so.
    if (event.defaultPrevented || files.length === 0) return;
    event.preventDefault();
    read(store, entries.some(({ isDirectory }) => isDirectory) ? { dropped: entries } : files);
  });
  document.addEventListener('paste', ({ target, clipboardData }) => {
    const isTyping =
      target instanceof Element && target.closest('input, textarea, select') !== null;
    const files = [...(clipboardData?.files ?? [])];
    const text = clipboardData?.getData('text/plain') ?? '';
    // A word or a line is no table.
    const isTable = /[,;\t|].*[\r\n]/.test(text);
    if (!isTyping && (files.length > 0 || isTable)) read(store, files.length > 0 ? files : text);
  });
}

/** What was dropped, of which one is a folder. */
interface Dropped {
  readonly dropped: readonly FileSystemEntry[];
}

async function read(store: Store, what: readonly File[] | Dropped | string): Promise<void> {
  location.hash = '#lab/settings';
  const { readEntries, readFiles, readText } = await import('./lab/setup/own-data/own-data-state');
  if (typeof what === 'string') await readText(store, what);
  else await ('dropped' in what ? readEntries(store, what.dropped) : readFiles(store, what));
  document.querySelector('.own-data')?.scrollIntoView({ block: 'nearest' });
}
