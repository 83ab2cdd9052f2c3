/** The check in a page: files come from the server that gave the page, and findings go there (firefox.ts). */
import { acquireDevice } from '../../src/gpu/runtime/device';
import { messageOf } from '../../src/training/errors';
import { check } from './check';

/** One after the other: a server takes them in the order in which they are said. */
let said = Promise.resolve();
const tell = (path: string, content: unknown) => {
  said = said.then(async () => {
    await fetch(path, { method: 'POST', body: JSON.stringify(content) });
  });
};

async function textOf(path: string): Promise<string> {
  return (await fetch(`/project/${path}`)).text();
}

async function run(): Promise<void> {
  await check({
    acquired: await acquireDevice(navigator.gpu),
    textOf,
    fixtures: JSON.parse(await textOf('fixtures')),
    say: (finding) => tell('/finding', finding),
  });
}

run().then(
  () => tell('/end', null),
  (error) => tell('/end', messageOf(error)),
);
