/** The browser of this machine, for tests of pages. */
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
];
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Where it is; undefined where there is none. TRUETAPE_BROWSER names another one, or none. */
export function findBrowser(): string | undefined {
  const named = process.env['TRUETAPE_BROWSER'];
  if (named !== undefined) return named === '' ? undefined : named;
  return PLACES.find((path) => existsSync(path));
}

/** A browser that was just installed reads itself from the disk, beside everything else that runs then. */
export function startBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: ARGUMENTS, timeout: 240_000 });
}
