import { setTimeout as sleep } from 'node:timers/promises';
import { native } from '../native.js';

/** Milliseconds that a processor may stand still with a packet, where the kernel does not tell. */
const GRACE = 50;

/** Resolves when every packet that was looked up before has been judged. Never rejects. */
export async function packetsPassed(barrier: () => Promise<boolean> = native.barrier): Promise<void> {
  if (!(await barrier())) await sleep(GRACE);
}
