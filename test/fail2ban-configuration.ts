import { resolve } from 'node:path';
import { Oracle } from './fail2ban.js';

/** fail2ban's configuration as Debian delivers it. */
export const CONFIGURATION = resolve('.cache/fail2ban/etc/fail2ban');

/** Asks fail2ban itself; see oracle/configuration.py for questions and answers. */
export async function ask<Answer>(questions: readonly object[]): Promise<(Answer | { error: string })[]> {
  const oracle = new Oracle('configuration.py');
  try {
    return (await oracle.ask(questions)) as (Answer | { error: string })[];
  } finally {
    await oracle.close();
  }
}
