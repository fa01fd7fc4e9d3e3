/** How one hook is. */
export interface HookReport {
  readonly name: string;
  readonly kind: 'program' | 'webhook';
  /** The program's path, or the URL's origin. */
  readonly target: string;
  /** Calls that were taken, and tries that failed. */
  readonly calls: number;
  readonly failures: number;
  /** Events that wait, and that nobody was told of. */
  readonly queued: number;
  readonly dropped: number;
  /** Why the last call failed; null where it was taken. */
  readonly failing: string | null;
}
