// A real Chromium without a window, that asks nobody for anything by itself.

import { existsSync } from 'node:fs';
import puppeteer from 'puppeteer-core';

const path = process.env.CHROMIUM || ['/usr/bin/chromium', '/usr/bin/google-chrome'].find(existsSync);

const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const launch = () => puppeteer.launch({ executablePath: path, args });
