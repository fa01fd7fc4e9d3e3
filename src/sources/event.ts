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
  | 'oversized'
  /** What delivers the records ended, and is started again behind the last one. */
  | 'restarted'
  /** What delivers the records complains, in its own words. */
  | 'complaint'
  /** A record that cannot be read, or is of no use here, was left out; told at the 1st, 10th, 100th... */
  | 'skipped'
  /** A sender that may not send here was turned away; told at the 1st, 10th, 100th... */
  | 'refused'
  /** There was no room for a message, and it is lost; told at the 1st, 10th, 100th... */
  | 'lost';

/** What an operator may want to know about a source, apart from its lines. */
export interface SourceEvent {
  readonly kind: SourceEventKind;
  readonly path: string;
  /** A sentence that names the path. */
  readonly message: string;
}
