import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc, { type Arbitrary } from 'fast-check';
import type { Test } from 'tap';
import { Guard } from '../../src/detection/guard.js';

/** How long each property is tried, in seconds. */
const SECONDS = Number(process.env.DROPSET_FUZZ_SECONDS ?? 2);

/** The same inputs each time, so that nobody's test fails for what he has not touched; another seed looks further. */
const SEED = Number(process.env.DROPSET_FUZZ_SEED ?? 1);

/** What one input may take, in milliseconds of the thread's own time. */
const INPUT_TIME = 200;

/** What it may take the second time: a busy machine has cold caches and half a core, which the thread's own time does not show. */
const SECOND_TIME = 1000;

const CORPUS = 'test/fuzz/corpus';

const guard = new Guard();

/** Bytes that someone hostile may send; `holds` throws if the property does not hold for them. It must be repeatable. */
export interface Property {
  readonly bytes: Arbitrary<Buffer>;
  readonly holds: (bytes: Buffer) => void;
}

/**
 * Tries a property: on the files of its corpus (`test/fuzz/corpus/NAME`), which are inputs that it once failed for or that are rare,
 * and then on inputs from a seed until the time is over. To keep an input that fails, put its bytes into that folder.
 */
export function tryProperty(t: Test, name: string, { bytes, holds }: Property): void {
  for (const [file, kept] of corpusOf(name)) t.doesNotThrow(() => inTime(holds, kept), file);
  const result = fc.check(
    fc.property(bytes, (input) => inTime(holds, input)),
    { seed: SEED, numRuns: Number.MAX_SAFE_INTEGER, interruptAfterTimeLimit: SECONDS * 1000 },
  );
  if (!result.failed) {
    t.pass(`${result.numRuns} inputs of seed ${result.seed}`);
    return;
  }
  const [input] = result.counterexample ?? [Buffer.alloc(0)];
  const again = `DROPSET_FUZZ_SEED=${result.seed} fails for ${JSON.stringify(input.toString('latin1'))}`;
  t.fail(`${again}, ${input.toString('base64')} in base 64`, { found: result.errorInstance });
}

function inTime(holds: Property['holds'], input: Buffer): void {
  const work = (): void => holds(input);
  if (guard.runFairly(INPUT_TIME, work) || guard.runFairly(SECOND_TIME, work)) return;
  throw new Error(`takes longer than ${SECOND_TIME} ms`);
}

function corpusOf(name: string): [string, Buffer][] {
  const directory = join(CORPUS, name);
  const files = readdirSync(CORPUS).includes(name) ? readdirSync(directory).sort() : [];
  return files.map((file) => [join(directory, file), readFileSync(join(directory, file))]);
}
