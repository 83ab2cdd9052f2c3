/** A server of the project is there for this machine alone, and under no name but this machine's. */
import { request } from 'node:http';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { expect } from '@playwright/test';

/** Addresses of this machine at which others would reach it, and on Linux a second one of the loopback. */
function otherAddresses(): string[] {
  const outside = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, address }) => !internal && !address.startsWith('fe80:'))
    .map(({ address }) => address);
  return process.platform === 'linux' ? ['127.0.0.2', ...outside] : outside;
}

function canConnect(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 5000 });
    const end = (isOpen: boolean) => {
      socket.destroy();
      resolve(isOpen);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
    socket.once('timeout', () => end(false));
  });
}

/** The status with which a page is served to whoever calls the server by `host`. */
function statusFor(url: URL, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(url, { headers: { host, accept: 'text/html' } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .once('error', reject)
      .end();
  });
}

/** Expects that nobody reaches the server of `address` from outside, and no other site's page from within. */
export async function expectOnlyLoopback(address: string): Promise<void> {
  const url = new URL(address);
  const port = Number(url.port);
  expect(await canConnect(url.hostname, port)).toBe(true);
  const others = otherAddresses();
  const open = await Promise.all(others.map((other) => canConnect(other, port)));
  expect(others.filter((_, index) => open[index])).toEqual([]);
  // A name of somebody else's that they let point to this machine, to read what is served (DNS rebinding).
  expect(await statusFor(url, url.host)).toBe(200);
  for (const host of ['rebound.example', `rebound.example:${port}`, `127.0.0.1.nip.io:${port}`]) {
    expect(await statusFor(url, host), host).toBe(403);
  }
}
