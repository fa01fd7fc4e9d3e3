import { getSystemErrorName } from 'node:util';
import { DropsetError } from '../model/errors.js';
import type { SystemError, XdpNative } from '../native.js';
import { xdpNative } from '../native.js';

/** The kernel refused an eBPF call: errno, which call, and the end of what libbpf and the verifier said, where they did. */
export class BpfError extends Error {
  override readonly name = 'BpfError';
  readonly errno: number;
  readonly operation: string;
  readonly log: string;

  constructor(operation: string, cause: SystemError & { readonly log?: string }) {
    super(`${operation}: ${getSystemErrorName(-cause.errno)} (${cause.message})`, { cause });
    this.errno = cause.errno;
    this.operation = operation;
    this.log = cause.log ?? '';
  }
}

/** Carries a call out. @throws BpfError */
export function call<T>(operation: string, work: (native: XdpNative) => T): T {
  const native = addon();
  try {
    return work(native);
  } catch (thrown) {
    if (thrown instanceof Error && 'errno' in thrown) throw new BpfError(operation, thrown as SystemError);
    throw thrown;
  }
}

/** @throws DropsetError `unsupported` where the addon was not built, or libbpf is not there any more. */
export function addon(): XdpNative {
  try {
    return xdpNative();
  } catch (thrown) {
    throw new DropsetError(
      'unsupported',
      `the XDP backend was not built (${(thrown as Error).message.split('\n', 1)[0]}): install clang and libbpf (Debian: apt-get install clang libbpf-dev linux-libc-dev) and run 'npm rebuild', or set kind = "nftables" in [backend]`,
      { cause: thrown },
    );
  }
}
