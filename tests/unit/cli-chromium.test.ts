/** Where Chromium is looked for, and how it is started. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  CHROMIUM_VARIABLE,
  ChromiumError,
  installedChromium,
  launchOptions,
  wellKnownPaths,
} from '../../src/cli/chromium';

afterEach(() => vi.unstubAllEnvs());

describe('the environment variable', () => {
  test('wins over every other Chromium', () => {
    vi.stubEnv(CHROMIUM_VARIABLE, process.execPath);
    expect(installedChromium()).toBe(process.execPath);
  });

  test('is refused where it names nothing', () => {
    vi.stubEnv(CHROMIUM_VARIABLE, '/no/such/chromium');
    expect(() => installedChromium()).toThrow(ChromiumError);
    expect(() => installedChromium()).toThrow(/SHADERPROP_CHROMIUM names \/no\/such\/chromium/);
  });
});

describe('well-known paths', () => {
  test('on Linux, PATH comes first and Chrome before Chromium', () => {
    const paths = wellKnownPaths('linux', { PATH: '/opt/bin' });
    expect(paths[0]).toBe('/opt/bin/google-chrome-stable');
    expect(paths).toContain('/usr/bin/chromium');
    expect(paths.indexOf('/usr/bin/google-chrome')).toBeLessThan(
      paths.indexOf('/opt/bin/chromium'),
    );
  });

  test('on macOS and Windows, applications', () => {
    const chrome = 'Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
    expect(wellKnownPaths('darwin', {})).toContain(`/${chrome}`);
    expect(wellKnownPaths('darwin', { HOME: '/Users/me' })).toContain(`/Users/me/${chrome}`);
    expect(wellKnownPaths('win32', { PROGRAMFILES: 'C:\\Programs' })).toContain(
      'C:\\Programs\\Microsoft\\Edge\\Application\\msedge.exe',
    );
  });

  test('an empty environment gives no path without a folder', () => {
    expect(wellKnownPaths('linux', {}).every((path) => path.startsWith('/usr/'))).toBe(true);
    expect(wellKnownPaths('win32', {})).toEqual([]);
  });
});

describe('arguments', () => {
  test('only the software adapter is forced', () => {
    const [software, hardware] = (['software', 'default'] as const).map((adapter) =>
      launchOptions('chromium', adapter).args.join(' '),
    );
    expect(software).toContain('--use-webgpu-adapter=swiftshader');
    expect(hardware).not.toContain('swiftshader');
  });

  test('the sandbox stays on for everyone but root', () => {
    const getuid = vi.spyOn(process, 'getuid');
    getuid.mockReturnValue(1000);
    expect(launchOptions('chromium', 'software').chromiumSandbox).toBe(true);
    getuid.mockReturnValue(0);
    expect(launchOptions('chromium', 'software').chromiumSandbox).toBe(false);
    getuid.mockRestore();
  });
});
