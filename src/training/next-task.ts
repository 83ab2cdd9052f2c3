/** Lets waiting messages and events in, between two chunks of work. */

/** Resolves in a task of its own; unlike a timer it is not slowed down in hidden tabs. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
