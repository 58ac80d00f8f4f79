/** The polynomial of Castagnoli, with its bits reversed (RFC 3720 §12.1). */
const POLYNOMIAL = 0x82f6_3b78;
/** The number of bytes in one step, with a table for each. */
const SLICES = 8;
const TABLES = tablesOf(SLICES);

/** Returns the CRC-32C of bytes as an unsigned number, eight bytes a step (slicing by 8: Kounavis and Berry, 2005). */
export function crc32c(bytes: Uint8Array): number {
  const end = bytes.length;
  let crc = -1;
  let at = 0;
  for (; at + SLICES <= end; at += SLICES) {
    crc ^=
      byte(bytes, at) |
      (byte(bytes, at + 1) << 8) |
      (byte(bytes, at + 2) << 16) |
      (byte(bytes, at + 3) << 24);
    crc =
      look(7, crc & 255) ^
      look(6, (crc >>> 8) & 255) ^
      look(5, (crc >>> 16) & 255) ^
      look(4, crc >>> 24) ^
      look(3, byte(bytes, at + 4)) ^
      look(2, byte(bytes, at + 5)) ^
      look(1, byte(bytes, at + 6)) ^
      look(0, byte(bytes, at + 7));
  }
  for (; at < end; at++) crc = look(0, (crc ^ byte(bytes, at)) & 255) ^ (crc >>> 8);
  return ~crc >>> 0;
}

function byte(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0;
}

function look(table: number, value: number): number {
  return TABLES[(table << 8) | value] ?? 0;
}

/** Returns the tables. The first is the usual one; each further one is for a byte that lies one position earlier. */
function tablesOf(count: number): Int32Array {
  const tables = new Int32Array(count * 256);
  for (let value = 0; value < 256; value++) {
    let crc = value;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ ((crc & 1) * POLYNOMIAL);
    tables[value] = crc;
  }
  for (let at = 256; at < tables.length; at++) {
    const crc = tables[at - 256] ?? 0;
    tables[at] = (crc >>> 8) ^ (tables[crc & 255] ?? 0);
  }
  return tables;
}
