import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';

/** Debian's package, as scripts/fail2ban has unpacked it. */
export const ROOT = resolve('.cache/fail2ban');

export const CONFIGURATION = `${ROOT}/etc/fail2ban`;

/** Asks fail2ban itself; see fail2ban-oracle.py for questions and answers. A missing package fails the test: run scripts/fail2ban. */
export function ask<Answer>(questions: readonly object[]): (Answer | { error: string })[] {
  const output = execFileSync('python3', ['test/fail2ban-oracle.py'], {
    input: JSON.stringify(questions),
    env: { ...process.env, PYTHONPATH: `${ROOT}/usr/lib/python3/dist-packages`, PYTHONDONTWRITEBYTECODE: '1' },
    maxBuffer: 1 << 28,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  return JSON.parse(output.toString());
}
