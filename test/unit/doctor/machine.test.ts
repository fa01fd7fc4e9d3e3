import { readFileSync } from 'node:fs';
import { release } from 'node:os';
import t from 'tap';
import { isBpffs, lackingIn, lockdownIn, machineFacts } from '../../../src/doctor/machine.js';
import { enterNamespace } from '../../namespace.js';

enterNamespace();

t.test('this machine', async (t) => {
  t.match(await machineFacts(), { kernel: release(), lacking: [], nftables: 'present', processors: Number });
  t.equal((await machineFacts()).bpffs, /^\S+ \/sys\/fs\/bpf bpf /m.test(readFileSync('/proc/mounts', 'utf8')));
});

t.test('a folder that is no bpffs, and one that is not there', async (t) => {
  t.equal(await isBpffs(t.testdir()), false);
  t.equal(await isBpffs('/no/such/folder'), false);
});

const INITIAL = '         0          0 4294967295\n';
const effective = (...bits: number[]): string =>
  `Name:\tnode\nCapEff:\t${bits
    .reduce((sum, bit) => sum | (1n << BigInt(bit)), 0n)
    .toString(16)
    .padStart(16, '0')}\n`;

t.test('capabilities', async (t) => {
  t.same(lackingIn(effective(12, 39), INITIAL), []);
  t.same(lackingIn(effective(12, 21), INITIAL), [], 'CAP_SYS_ADMIN stands for CAP_BPF');
  t.same(lackingIn(effective(12), INITIAL), ['CAP_BPF']);
  t.same(lackingIn(effective(39), INITIAL), ['CAP_NET_ADMIN']);
  t.same(lackingIn(effective(), INITIAL), ['CAP_NET_ADMIN', 'CAP_BPF']);
  t.same(lackingIn(effective(12, 39), '0 1000 1\n'), ['CAP_BPF'], 'a user namespace');
  t.same(lackingIn('', ''), ['CAP_NET_ADMIN', 'CAP_BPF']);
});

t.test('lockdown', async (t) => {
  t.equal(lockdownIn('none [integrity] confidentiality\n'), 'integrity');
  t.equal(lockdownIn('[none] integrity confidentiality\n'), 'none');
  t.equal(lockdownIn(''), undefined);
});
