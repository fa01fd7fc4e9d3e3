import type { Config, JailConfig } from '../config/types.js';

/** What a configuration asks for and nobody can do, as sentences: each setting is right by itself. */
export const pointless = (config: Config): string[] =>
  config.jails.flatMap((jail) =>
    [unforwarded(jail), unlogged(jail, config), unscoped(jail, config)].filter((sentence) => sentence !== undefined),
  );

/** Proxies that nobody looks behind. */
function unforwarded({ name, trustedProxies, filter: { failregex } }: JailConfig): string | undefined {
  if (!trustedProxies || failregex.some(({ text }) => text.includes('<F-FORWARDED>'))) return undefined;
  return (
    `jail '${name}': it has trusted_proxies, and its filter has no <F-FORWARDED>: what comes through a proxy counts for nobody; ` +
    'have the program itself write the client (mod_remoteip, real_ip), and leave trusted_proxies out'
  );
}

/** The kernel knows no jail. */
function unlogged({ name, log }: JailConfig, { log: { dropped } }: Config): string | undefined {
  if (log !== false || dropped === 'off' || dropped === 'service') return undefined;
  return `jail '${name}': log = false has no effect, since the kernel writes the lines and knows no jail; have [log] dropped = "service"`;
}

/** Backends that turn an address away as a whole. */
const WHOLE: readonly string[] = ['route', 'denyfile'];

/** Bans of ports where nobody knows ports. */
function unscoped({ name, scope, backends }: JailConfig, config: Config): string | undefined {
  const its = config.backends.filter((choice) => backends?.includes(choice.name) ?? true);
  if (scope === 'all' || its.some(({ kind }) => !WHOLE.includes(kind))) return undefined;
  const names = its.map((choice) => choice.name).join(', ');
  return (
    `jail '${name}': its bans are for '${scope}' only, and ${names} can turn away all of an address or nothing: nobody is turned away; ` +
    "have backend nftables or xdp, or ban all traffic (no port, mode = 'drop')"
  );
}
