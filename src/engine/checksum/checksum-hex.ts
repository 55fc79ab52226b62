/** A checksum as people see it: 16 hexadecimal digits. */
export function checksumHex(sum: bigint): string {
  return sum.toString(16).padStart(16, "0");
}
