/** Finds a Chromium for the browser tests, or installs one: the system's, Playwright's own, Debian's. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium } from '@playwright/test';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** The path of a Chromium. @throws with what to do where there is none to be had. */
export function findChromium(): string {
  const found = installed();
  if (found) return found;
  console.log('No Chromium found; asking Playwright for its own.');
  spawnSync('npx', ['playwright', 'install', 'chromium'], { stdio: 'inherit', timeout: 300_000 });
  const own = playwrights();
  if (own) return own;
  if (existsSync('/usr/bin/apt-get') && process.getuid?.() === 0) {
    console.log('Playwright has none for this machine; installing Debian’s package.');
    spawnSync('apt-get', ['update'], { stdio: 'ignore' });
    spawnSync(
      'apt-get',
      ['install', '-y', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'],
      {
        stdio: 'ignore',
      },
    );
    const debian = installed();
    if (debian) return debian;
  }
  throw new Error(
    'The browser tests need a Chromium, and none could be found or installed. Install Chromium or Chrome, or name one: PORTHOLE_CHROMIUM=/path/to/chromium npm test',
  );
}

function installed(): string | undefined {
  const named = process.env['PORTHOLE_CHROMIUM'];
  if (named && existsSync(named)) return named;
  for (const name of NAMES) {
    try {
      return execFileSync('which', [name], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }).trim();
    } catch {
      // the next one
    }
  }
  return PLACES.find(existsSync) ?? playwrights();
}

function playwrights(): string | undefined {
  const path = chromium.executablePath();
  return path && existsSync(path) ? path : undefined;
}
