import { once } from 'node:events';
import type { Surroundings } from './command.js';

/** Writes no faster than it is read. */
export async function write({ stdout }: Surroundings, text: string): Promise<void> {
  if (!stdout.write(text)) await once(stdout, 'drain');
}
