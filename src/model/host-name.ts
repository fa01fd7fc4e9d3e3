/** RFC 1123, 2.1, and the underscore that people use: letters, digits, hyphens, dots; the last label is no number. */
const NAME =
  /^(?=.{1,253}\.?$)(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\.)*(?!\d+\.?$)[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\.?$/;

/** Whether a text may be the name of a host. `192.0.2.300` is none: it is a slip. */
export const isHostName = (text: string): boolean => NAME.test(text);
