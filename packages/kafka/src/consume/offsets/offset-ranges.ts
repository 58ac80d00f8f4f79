/** Consecutive offsets: from the first up to, but not including, `to`. */
export interface OffsetRange {
  readonly from: number;
  readonly to: number;
}

/** Returns how many offsets the ranges contain. */
export function offsetCount(ranges: readonly OffsetRange[]): number {
  return ranges.reduce((sum, { from, to }) => sum + to - from, 0);
}

/** Returns the length of {@link rangesToBits} in bytes. */
export function bitsLength(offset: number, ranges: readonly OffsetRange[]): number {
  return Math.ceil(((ranges.at(-1)?.to ?? offset) - offset) / 8);
}

/** Returns a bit for each offset from the first on: 1 for an offset in a range. */
export function rangesToBits(offset: number, ranges: readonly OffsetRange[]): Buffer {
  const bytes = Buffer.alloc(bitsLength(offset, ranges));
  for (const { from, to } of ranges)
    for (let bit = from - offset; bit < to - offset; bit++)
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) | (1 << (bit & 7));
  return bytes;
}

/** Returns the ranges that {@link rangesToBits} wrote. */
export function bitsToRanges(offset: number, bytes: Buffer): readonly OffsetRange[] {
  const ranges: OffsetRange[] = [];
  let from: number | undefined;
  for (let bit = 0; bit <= bytes.length * 8; bit++) {
    const isDone = ((bytes[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0;
    if (isDone) from ??= offset + bit;
    else if (from !== undefined) {
      ranges.push({ from, to: offset + bit });
      from = undefined;
    }
  }
  return ranges;
}

/**
 * Returns for each range the gap before it and its length, as numbers with seven bits a byte, lowest first. Ranges that would
 * exceed `most` bytes are left out, from the end; absent when bits hold all ranges in as many bytes.
 */
export function packRanges(offset: number, ranges: readonly OffsetRange[], most: number): Buffer | undefined {
  const bytes: number[] = [];
  let at = offset;
  for (const { from, to } of ranges) {
    const before = bytes.length;
    pushNumber(bytes, from - at);
    pushNumber(bytes, to - from);
    if (bytes.length > most) {
      bytes.length = before;
      return bitsLength(offset, ranges) <= most ? undefined : Buffer.from(bytes);
    }
    at = to;
  }
  return Buffer.from(bytes);
}

/** Returns the ranges that {@link packRanges} wrote. */
export function unpackRanges(offset: number, bytes: Buffer): readonly OffsetRange[] {
  const ranges: OffsetRange[] = [];
  const numbers = numbersIn(bytes);
  let at = offset;
  for (let each = 0; each + 1 < numbers.length; each += 2) {
    const from = at + (numbers[each] ?? 0);
    at = from + (numbers[each + 1] ?? 0);
    ranges.push({ from, to: at });
  }
  return ranges;
}

function pushNumber(bytes: number[], number: number): void {
  let rest = number;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
}

function numbersIn(bytes: Buffer): readonly number[] {
  const numbers: number[] = [];
  let [number, unit] = [0, 1];
  for (const byte of bytes) {
    number += (byte % 128) * unit;
    unit *= 128;
    if (byte >= 128) continue;
    numbers.push(number);
    [number, unit] = [0, 1];
  }
  return numbers;
}
