import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync, statfsSync, unlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { BpfObject, Descriptor } from '../native.js';
import { call } from './failure.js';

export type { BpfObject };

/** BPF_FS_MAGIC of linux/magic.h. */
const BPF_FS = 0xcafe4a11;

/** Whether a path, or the nearest folder above that is there, is on a BPF file system. */
export function isBpfFs(path: string): boolean {
  const there = existsSync(path) ? path : dirname(path);
  if (!existsSync(there)) return there !== dirname(there) && isBpfFs(there);
  return Number(statfsSync(there).type) === BPF_FS;
}

/** Pins an object where nothing is yet. A pinned object lives on without any process. @throws BpfError */
export const pin = (descriptor: Descriptor, path: string): void =>
  call(`pinning ${path}`, (native) => native.pin(descriptor, path));

/** @throws BpfError where there is no eBPF object. */
export const openPin = (path: string): Descriptor => call(`opening ${path}`, (native) => native.openPin(path));

export const inspect = (descriptor: Descriptor): BpfObject =>
  call('asking for an object', (native) => native.inspect(descriptor));

export const closeDescriptor = (descriptor: Descriptor): void => {
  call('close', (native) => native.close(descriptor));
};

/** The id's program, as the kernel describes it; undefined where it has gone. */
export function programNamed(id: number): BpfObject | undefined {
  let descriptor: Descriptor;
  try {
    descriptor = call('asking for a program', (native) => native.programById(id));
  } catch {
    return undefined;
  }
  try {
    return inspect(descriptor);
  } finally {
    closeDescriptor(descriptor);
  }
}

/** Names in a folder of pins; none where there is no folder. @throws Error as of node:fs where it may not be read. */
export function pinsIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw thrown;
  }
}

export const makeFolder = (folder: string): void => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
};

/** Takes a pin away; the object goes with it if nobody else holds it. */
export const unpin = (path: string): void => unlinkSync(path);

/** Puts one pin in place of another. */
export const renamePin = (from: string, to: string): void => renameSync(from, to);

/** Takes a folder of pins away, with the pins; nothing where there is none. */
export function removeFolder(folder: string): void {
  for (const name of pinsIn(folder)) unpin(join(folder, name));
  if (existsSync(folder)) rmdirSync(folder);
}
