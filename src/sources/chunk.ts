/** How far a source has been read, in a shape that outlives the process. */
export type Position = FilePosition | JournalPosition;

export interface FilePosition {
  readonly kind: 'file';
  readonly path: string;
  readonly device: string;
  readonly inode: string;
  /** Bytes, behind the last whole line that was handed over. */
  readonly offset: number;
  /** SHA-256, hexadecimal, of the file's first `hashed` bytes: an inode number is given to a new file soon. */
  readonly hash: string;
  readonly hashed: number;
}

export interface JournalPosition {
  readonly kind: 'journal';
  readonly cursor: string;
}

/**
 * Lines as they come: bytes, so that a line that cannot matter is never decoded.
 *
 * A source hands over one chunk at a time and may use its memory again when the next one is asked for: who wants to
 * keep something copies it.
 */
export interface Chunk {
  /** As an operator would name it: a path, `journal`, `syslog udp 127.0.0.1:514`. */
  readonly source: string;
  /** Whole lines, each ended by a newline that is not part of it, none longer than the source's limit. Borrowed. */
  readonly bytes: Buffer;
  /** Offset of the first byte in the source; 0 where a source has no offsets. */
  readonly offset: number;
  /**
   * Milliseconds since the epoch, one for each line, from sources that know it: their lines carry no date of their
   * own and read `HOST IDENT[PID]: MESSAGE`, as from fail2ban's journal backend. Absent: the date is in the line.
   */
  readonly times?: readonly number[];
  /** Whether the lines were there before anybody followed the source: they are caught up with. Absent: they are new. */
  readonly isBacklog?: true;
  /** Where to go on behind this chunk; absent for sources that cannot go back. */
  readonly position?: Position;
}
