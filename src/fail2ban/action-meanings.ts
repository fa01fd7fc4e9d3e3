/**
 * What fail2ban's own actions are, by the name of their file. What they close, all or some ports, their commands tell.
 * Files of other systems' firewalls are among them: who brings them along means the ban.
 */
const FIREWALLS: ReadonlySet<string> = new Set([
  'apf',
  'bsd-ipfw',
  'firewallcmd-allports',
  'firewallcmd-ipset',
  'firewallcmd-multiport',
  'firewallcmd-new',
  'firewallcmd-rich-logging',
  'firewallcmd-rich-rules',
  'hostsdeny',
  'ipfilter',
  'ipfw',
  'iptables',
  'iptables-allports',
  'iptables-ipset',
  'iptables-ipset-proto4',
  'iptables-ipset-proto6',
  'iptables-ipset-proto6-allports',
  'iptables-multiport',
  'iptables-multiport-log',
  'iptables-new',
  'iptables-xt_recent-echo',
  'nftables',
  'nftables-allports',
  'nftables-multiport',
  'npf',
  'osx-afctl',
  'osx-ipfw',
  'pf',
  'route',
  'shorewall',
  'shorewall-ipset-proto6',
  'symbiosis-blacklist-allports',
  'ufw',
]);

const MAIL = 'it sends a mail';
const REPORT = 'it reports the address to others';

/** Why an action is none that dropset takes over, by the beginning of the file's name. */
const OTHERS: readonly (readonly [RegExp, string])[] = [
  [/^(?:mail|sendmail|smtp)(?:[-.]|$)/, MAIL],
  [/^xarf-login-attack$/, 'it sends a mail to the abuse contact'],
  [/^(?:complain|dshield|mynetwatchman)$/, 'it sends reports by mail'],
  [/^(?:abuseipdb|blocklist_de|ipthreat)$/, REPORT],
  [/^cloudflare/, "it bans at Cloudflare's edge"],
  [/^netscaler$/, 'it bans at a NetScaler'],
  [/^nginx-block-map$/, 'it bans in nginx'],
  [/^nsupdate$/, 'it writes into the DNS'],
  [/^apprise$/, 'it sends notifications'],
  [/^dummy$/, 'it writes a file and bans nothing'],
];

/** Commands that change a packet filter or a route. */
const TOOL =
  /(?:^|[^\w.-])(?:nft(?:ables)?|ip6?tables|ipset|firewall-cmd|ufw|shorewall6?|pfctl|ipfw|npfctl|ip\s+(?:-[46]\s+)?(?:route|rule))(?![\w.-])/m;

/** What lets packets through: jails like fail2ban's pass2allow use a ban as a permission. */
const PERMISSION = /^(?:accept|return|allow|pass)\b/i;

export interface ActionMeaning {
  /** The name of its file, without the extension. */
  readonly name: string;
  /** What it runs, for files that are not fail2ban's own. */
  readonly commands: string;
  /** What is done with the packets. */
  readonly blocktype: string;
}

/** Why the action is none that dropset takes over; undefined where it bans by a firewall. */
export function whyUnsupported({ name, commands, blocktype }: ActionMeaning): string | undefined {
  if (PERMISSION.test(blocktype)) return `with blocktype ${blocktype} it lets addresses through`;
  if (FIREWALLS.has(name)) return undefined;
  const other = OTHERS.find(([pattern]) => pattern.test(name));
  if (other) return other[1];
  return TOOL.test(commands) ? undefined : "it is none of fail2ban's own, and its commands are none of a firewall";
}
