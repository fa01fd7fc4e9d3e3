import { mkdirSync } from 'node:fs';
import t from 'tap';
import { fullRefusal, growthRefusal, openingFailure } from '../../../../src/backends/xdp/refusal.js';
import { BpfError } from '../../../../src/bpf/failure.js';
import type { TableState } from '../../../../src/bpf/tables.js';
import { DropsetError } from '../../../../src/model/errors.js';
import { NetlinkError } from '../../../../src/netlink/failure.js';

const bpfError = (errno: number, log = ''): BpfError =>
  new BpfError('loading the eBPF program', Object.assign(new Error('words'), { errno, syscall: 'bpf', log }));

t.test('a full set, and one that cannot grow, are faults of the element', async (t) => {
  t.match(fullRefusal({ addresses: 1024, prefixes: 16_384 } as TableState), {
    fault: 'element',
    message:
      'the set is full: it holds 1024 addresses and 16384 prefixes of each family; raise size in [backend] and restart',
  });
  t.match(growthRefusal(bpfError(12)), {
    fault: 'element',
    message: /no memory for a larger one .*ENOMEM.*; free some/,
  });
});

t.test('every failure to open ends with the way out', async (t) => {
  for (const errno of [1, 13])
    t.match(openingFailure(bpfError(errno)), { code: 'permission', message: /run dropset as root/ });
  t.match(openingFailure(bpfError(38)), { code: 'unsupported', message: /set kind = "nftables"/ });
  t.match(openingFailure(bpfError(12)), { code: 'kernel', message: /lower size in \[backend\]/ });
  t.match(openingFailure(bpfError(22, 'one\ntwo\nthree\nfour\n')), {
    code: 'kernel',
    message: /\[two \| three \| four\]: this kernel may be too old/,
  });
  t.match(openingFailure(new NetlinkError('links', { errno: 97 })), {
    code: 'kernel',
    message: /RestrictAddressFamilies=/,
  });
});

t.test('what cannot be pinned', async (t) => {
  try {
    mkdirSync('/proc/1/pins');
  } catch (thrown) {
    t.match(openingFailure(thrown), {
      name: 'DropsetError',
      message: /^pinning: ENOENT.*set pins in \[backend\] to a folder/,
    });
  }
  const denied = Object.assign(new Error('EACCES: permission denied, mkdir'), {
    code: 'EACCES',
    syscall: 'mkdir',
    path: '/x',
  });
  t.match(openingFailure(denied), { code: 'permission', message: /run dropset as root/ });
});

t.test('what has its sentence already, and what is a defect, stays as it is', async (t) => {
  for (const thrown of [new DropsetError('busy', 'x'), new TypeError('y')]) t.equal(openingFailure(thrown), thrown);
});
