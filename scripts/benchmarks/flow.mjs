// Writes 100,000 lines a second to a log until it is killed, or for a minute: what a busy server writes when nobody fails. Usage: flow LOG
import { appendFileSync } from 'node:fs';
import { makeLog } from './logs.mjs';

const LINES = 1_000;
const EVERY = 10;
const [log] = process.argv.slice(2);
const begun = performance.now();
let written = 0;
setInterval(() => {
  // What the clock says should have been written: a late timer catches up.
  const due = Math.floor((performance.now() - begun) / EVERY);
  const bytes = makeLog('sshd', LINES, Date.now(), { seed: due, share: 0 });
  for (; written < due; written++) appendFileSync(log, bytes);
  if (performance.now() - begun > 60_000) process.exit();
}, EVERY);
