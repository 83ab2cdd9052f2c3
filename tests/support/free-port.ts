/** A port of this machine that nobody listens on. */
import { type AddressInfo, createServer } from 'node:net';

/** The number of a free port on 127.0.0.1, as the system hands them out. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
