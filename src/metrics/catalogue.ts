/** One metric, as it is exported: its name, its type, what it says, and what tells its series apart. */
export interface Entry {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels: readonly string[];
  /** Of a histogram. */
  readonly buckets?: readonly number[];
}

const of =
  (type: 'counter' | 'gauge') =>
  (name: string, help: string, ...labels: readonly string[]): Entry => ({ name, type, help, labels });

const counter = of('counter');
const gauge = of('gauge');
const histogram = (name: string, help: string, buckets: readonly number[]): Entry => ({
  ...{ name, type: 'histogram', help, buckets },
  labels: [],
});

/** Every metric there is. docs/metrics.md explains them; a test compares both. */
export const CATALOGUE = {
  build: gauge('dropset_build_info', 'Always 1: which dropset runs, on what.', 'version', 'node', 'backend'),
  fresh: gauge('dropset_scrape_fresh', '1 if this part answered in time; 0 if its last figures stand.', 'part'),
  lines: counter('dropset_lines_total', 'Lines that a jail has read.', 'jail'),
  failures: counter('dropset_failures_total', 'Failures that a jail has found.', 'jail'),
  uncounted: counter('dropset_uncounted_total', 'What a jail saw and did not count, and why.', 'jail', 'reason'),
  behind: gauge('dropset_source_behind_bytes', "Bytes of a jail's log files that are not read yet.", 'jail'),
  sieges: gauge('dropset_sieges', 'Sieges that last: of the jail itself, and of its users.', 'jail', 'of'),
  underway: gauge('dropset_detection_batches', 'Batches of verdicts on their way to the kernel: at 4 reading waits.'),
  bans: counter('dropset_bans_total', 'Bans that reached the kernel, by who banned.', 'jail'),
  unbans: counter('dropset_unbans_total', 'Addresses and prefixes that were lifted, one by one.'),
  standing: gauge('dropset_standing_bans', 'Live bans in the ledger.'),
  elements: gauge('dropset_elements', 'Elements in the kernel, as far as it tells.'),
  packets: counter('dropset_dropped_packets_total', 'Packets that were dropped since the table was made.'),
  bytes: counter('dropset_dropped_bytes_total', 'Bytes that were dropped since the table was made.'),
  observedPackets: counter('dropset_observed_packets_total', 'Packets that were let through of who is only observed.'),
  observedBytes: counter('dropset_observed_bytes_total', 'Bytes that were let through of who is only observed.'),
  jailPackets: counter('dropset_jail_dropped_packets_total', 'Dropped packets, by the ban that stood first.', 'jail'),
  jailBytes: counter('dropset_jail_dropped_bytes_total', 'Dropped bytes, by the ban that stood first.', 'jail'),
  round: gauge('dropset_jail_drops_round_seconds', 'Time in which the counters of all bans were last looked at.'),
  watched: gauge('dropset_jail_drops_watched_elements', 'Elements whose counters are followed, at most 10000.'),
  batch: histogram(
    'dropset_batch_changes',
    'Changes in a batch that went to the kernel.',
    [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000],
  ),
  commit: histogram(
    'dropset_commit_seconds',
    'Time that the kernel took for a batch.',
    [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
  ),
  latency: histogram(
    'dropset_line_to_kernel_seconds',
    'From reading the line that was the last straw to the receipt of the kernel.',
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  ),
  transaction: histogram(
    'dropset_ledger_transaction_seconds',
    'Time that the ledger took to write verdicts and progress down.',
    [0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
  ),
  pending: gauge('dropset_writer_pending_changes', 'Changes that wait for the kernel.'),
  written: counter('dropset_written_changes_total', 'Changes that the kernel took.'),
  refused: counter('dropset_refused_changes_total', 'Changes that the kernel refused.'),
  pendingLedger: gauge('dropset_ledger_recovering', '1 while the ledger cannot be written, or is being made whole.'),
  differences: counter('dropset_audit_differences_total', 'Elements that the kernel did not hold as the ledger says.'),
  repaired: counter(
    'dropset_repaired_elements_total',
    'Elements that were written again for that, or for a lost table.',
  ),
  audited: gauge('dropset_last_audit_timestamp_seconds', 'When the kernel was last compared with the ledger.'),
  problems: counter('dropset_problems_total', 'Problems that were said; dropset status has the last ones.'),
  hookCalls: counter('dropset_hook_calls_total', 'Calls of a hook, by what came of them.', 'hook', 'result'),
  hookQueue: gauge('dropset_hook_waiting_events', 'Events that wait for a hook.', 'hook'),
  hookDrops: counter('dropset_hook_dropped_events_total', 'Events that a hook was not told of.', 'hook'),
  owned: gauge('dropset_table_owned', '1 if nobody else can change the nftables table.'),
  interfaces: gauge('dropset_xdp_interfaces', 'Interfaces that the XDP program is attached to.', 'mode'),
  otherUp: gauge(
    'dropset_other_backend_up',
    '1 if a backend beside the first is open, and does what it should.',
    'name',
  ),
  otherPending: gauge('dropset_other_backend_pending_changes', 'Changes that wait for it.', 'name'),
  otherRefused: counter('dropset_other_backend_refused_changes_total', 'Changes that it refused.', 'name'),
  memory: gauge('dropset_kernel_memory_bytes', 'Kernel memory that the XDP tables have taken for good.'),
  processor: counter('process_cpu_seconds_total', 'Processor time of all threads, in user and system mode.'),
  resident: gauge('process_resident_memory_bytes', 'Resident memory.'),
  started: gauge('process_start_time_seconds', 'When the process was started.'),
  descriptors: gauge('process_open_fds', 'Open file descriptors.'),
  heap: gauge('nodejs_heap_size_used_bytes', "Used heap of the main thread's JavaScript."),
  lag: gauge('nodejs_eventloop_lag_seconds', 'How long one turn of the main thread took, at this scrape.'),
  busy: counter('dropset_event_loop_busy_seconds_total', 'Time in which the main thread was at work.'),
} as const satisfies Record<string, Entry>;

export type Name = keyof typeof CATALOGUE;
