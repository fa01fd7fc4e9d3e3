import type { Examination, Examined } from '../doctor/doctor.js';
import type { Finding } from '../doctor/findings.js';
import { printable } from '../model/printable.js';
import { type Command, DONE, FAILED, JSON_OPTION, print } from './command.js';
import { DEFAULT_CONFIG } from './default-config.js';
import { type Style, styleOf } from './style.js';

const doctor: Command = {
  summary: 'find what is wrong, and say which backend is right for which interface',
  usage: '[--config FILE] [--json] [INTERFACE...]',
  help: `Looks at the network interfaces, their drivers and the kernel, and says for each whether native XDP or nftables should drop
packets there, why, and what must be done first. It changes nothing, but asking for nf_tables may load its module. Without
INTERFACE it looks at all, and advises for those that packets come in by: where default routes leave.

Then it looks at all that the service depends on: who else has chains at the hook, flowtables, fail2ban beside it, the clock, the
disk of the ledger, limits, the configuration, backends beside nftables and XDP, programs of hooks, and the service itself. What it
finds is ok, a note, a warning or a fault, with the way out.

  --config FILE   the configuration; default ${DEFAULT_CONFIG}

  native XDP   the driver drops a packet before a buffer is built for it: measured on kernel 6.18, some 70 ns a packet
  nftables     drops at prerouting, behind the buffer, whose building takes some 350 ns: 640 to 780 ns a packet
  generic XDP  runs behind the buffer too, so it is never advised

  --json       one object {machine: {kernel, processors, lacking, bpffs, object, nftables, lockdown}, interfaces: [{name, index,
               driver, mtu, up, route, native, xdp, right, why, steps}], backend, why, steps, findings: [{level, subject, sentence,
               way}]}; right is native, nftables, below (what it stands on) or none; backend is {kind: "xdp", interfaces, mode},
               {kind: "nftables"} or null; level is ok, note, warning or fault; way is null where nothing is to be done

Exit codes: 0 without faults, 1 with faults, or there is no such interface, 2 wrong usage.

Examples:
  dropset doctor
  dropset doctor eth0 eth1
  dropset doctor --json | jq -r '.interfaces[] | select(.right == "native") | .name'`,
  options: { config: { type: 'string' }, ...JSON_OPTION },

  async run(invocation) {
    const [{ examine }, { diagnose }] = await Promise.all([import('../doctor/doctor.js'), import('./diagnosis.js')]);
    const found = await examine(invocation.words);
    const findings = await diagnose(invocation, found);
    if (invocation.options.json) print(invocation, JSON.stringify({ ...found, findings }));
    else print(invocation, shown(found, findings, styleOf(invocation)).join('\n'));
    return findings.some(({ level }) => level === 'fault') ? FAILED : DONE;
  },
};

export default doctor;

function shown(found: Examination, findings: readonly Finding[], style: Style): string[] {
  return [
    ...machineLines(found.machine),
    ...found.interfaces.flatMap((one) => interfaceLines(one, style)),
    adviceLine(found, style),
    '',
    ...findings.flatMap((one) => findingLines(one, style)),
  ];
}

function machineLines({ kernel, nftables, bpffs, object, lockdown, lacking }: Examination['machine']): string[] {
  const tables = {
    present: 'has nf_tables',
    absent: 'has no nf_tables',
    unknown: 'whether it has nf_tables is unknown without CAP_NET_ADMIN',
  };
  return [
    `kernel ${kernel}: ${tables[nftables]}`,
    ...(bpffs ? [] : ['for XDP: no bpffs at /sys/fs/bpf (mount -t bpf bpf /sys/fs/bpf)']),
    ...(object ? [] : ['for XDP: its program is not built (install clang and libbpf-dev, then npm rebuild)']),
    ...(lacking.length > 0
      ? [`for XDP: ${lacking.join(' and ')} missing here (run dropset as root, in no user namespace)`]
      : []),
    ...(lockdown && lockdown !== 'none'
      ? [`lockdown: ${lockdown}, which XDP programs that drop are not subject to`]
      : []),
  ];
}

function interfaceLines({ name, right, why, steps, ...facts }: Examined, style: Style): string[] {
  const title = style.strong(printable(name));
  if (right === 'none') return [`${title}: ${printable(why)}`];
  const words = { native: style.good('native XDP'), nftables: 'nftables', below: 'what is below it' }[right];
  return [
    `${title}: ${words}; ${printable(factsLine(facts))}`,
    `  ${printable(why)}`,
    ...steps.map((step) => style.faint(`  for native XDP: ${printable(step)}`)),
  ];
}

function factsLine({ driver, mtu, up, route }: Pick<Examined, 'driver' | 'mtu' | 'up' | 'route'>): string {
  return [driver ?? 'driver unknown', `MTU ${mtu}`, ...(up ? [] : ['down']), ...(route ? ['default route'] : [])].join(
    ', ',
  );
}

function adviceLine({ backend, why, steps }: Examination, { good, bad }: Style): string {
  if (!backend) return bad(`nothing can drop packets here: ${printable(why)}`);
  if (backend.kind === 'nftables') return `${good('[backend] kind = "nftables"')}, the default: ${printable(why)}`;
  const interfaces = backend.interfaces.map((name) => JSON.stringify(name)).join(', ');
  const words = `[backend] kind = "xdp", interfaces = [${printable(interfaces)}], mode = "native"`;
  return `${good(words)}${steps.length > 0 ? ', when what stands above is done' : ''}`;
}

function findingLines({ level, subject, sentence, way }: Finding, style: Style): string[] {
  const paint = { ok: style.good, note: style.faint, warning: style.doubtful, fault: style.bad }[level];
  return [
    `${paint(level)}: ${subject}: ${printable(sentence)}`,
    ...(way === null ? [] : [style.faint(`  way out: ${printable(way)}`)]),
  ];
}
