export type SourceEventKind =
  /** The path leads nowhere; its directory, or the nearest one above that exists, is watched. */
  | 'missing'
  | 'opened'
  /** Another file has taken the path; it is read from its beginning. */
  | 'rotated'
  /** The file became shorter; it is read from its beginning. */
  | 'truncated'
  /** It is there and cannot be read; the message has the reason. It is tried again at the next inotify event. */
  | 'denied'
  /** One line was longer than the limit and was cut. */
  | 'oversized';

/** What an operator may want to know about a source, apart from its lines. */
export interface SourceEvent {
  readonly kind: SourceEventKind;
  readonly path: string;
  /** A sentence that names the path. */
  readonly message: string;
}
