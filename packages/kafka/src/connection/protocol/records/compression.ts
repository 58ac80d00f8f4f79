import { codecOf } from "../kafkajs.ts";

/** The codec numbers in the attributes of a batch, by the names of `compression.type` (KIP-98, KIP-110). */
const NUMBERS: Readonly<Record<string, number>> = { gzip: 1, snappy: 2, lz4: 3, zstd: 4 };

/** Whether this process can decompress batches that a broker stores with a `compression.type`. */
export function canRead(compressionType: string): boolean {
  const number = NUMBERS[compressionType];
  if (number === undefined) return true; // `producer` and `uncompressed`
  try {
    codecOf(number);
    return true;
  } catch {
    return false;
  }
}
