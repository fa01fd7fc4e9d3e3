/** Whether a kernel's release (`uname -r`: `6.18.44-cloud`) is that version or newer; one that cannot be read is older. */
export function isKernelAtLeast(release: string, major: number, minor: number): boolean {
  const [theirMajor = 0, theirMinor = 0] = release.split('.').map((part) => Number.parseInt(part, 10));
  return theirMajor > major || (theirMajor === major && theirMinor >= minor);
}
