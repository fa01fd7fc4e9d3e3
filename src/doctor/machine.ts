import { existsSync, readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { availableParallelism, release } from 'node:os';
import { fileURLToPath } from 'node:url';
import { presence } from '../backends/nftables/probe.js';
import type { Machine } from './facts.js';

/** linux/magic.h */
const BPF_FS_MAGIC = 0xcafe4a11;

/** linux/capability.h */
const CAP_NET_ADMIN = 12;
const CAP_SYS_ADMIN = 21;
const CAP_BPF = 39;

/** The XDP program, beside the addon; same distance from src/ and from dist/. */
const OBJECT = fileURLToPath(new URL('../../build/Release/drop.bpf.o', import.meta.url));

export async function machineFacts(): Promise<Machine> {
  return {
    kernel: release(),
    processors: availableParallelism(),
    lacking: lackingIn(read('/proc/self/status'), read('/proc/self/uid_map')),
    bpffs: await isBpffs('/sys/fs/bpf'),
    lockdown: lockdownIn(read('/sys/kernel/security/lockdown')),
    object: existsSync(OBJECT),
    nftables: await presence(),
  };
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

/** Whether a bpffs is mounted there, in this mount namespace. */
export async function isBpffs(path: string): Promise<boolean> {
  try {
    return (await statfs(path)).type === BPF_FS_MAGIC;
  } catch {
    return false;
  }
}

/**
 * Which of CAP_NET_ADMIN and CAP_BPF the process lacks (capabilities(7)). CAP_SYS_ADMIN stands for CAP_BPF, and in a user namespace
 * neither counts for bpf(2).
 *
 * @param status of /proc/self/status
 * @param map of /proc/self/uid_map; the initial user namespace maps all to themselves (user_namespaces(7)).
 */
export function lackingIn(status: string, map: string): string[] {
  const effective = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`);
  const has = (capability: number): boolean => ((effective >> BigInt(capability)) & 1n) === 1n;
  const isInitial = /^\s*0\s+0\s+4294967295\s*$/.test(map);
  return [
    ...(has(CAP_NET_ADMIN) ? [] : ['CAP_NET_ADMIN']),
    ...(isInitial && (has(CAP_BPF) || has(CAP_SYS_ADMIN)) ? [] : ['CAP_BPF']),
  ];
}

/** The word in brackets: `none [integrity] confidentiality` (kernel_lockdown(7)). */
export const lockdownIn = (text: string): string | undefined => /\[(\w+)\]/.exec(text)?.[1];
