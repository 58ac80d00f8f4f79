import type { Destination, Source } from "../../spi/destination.ts";

/**
 * For adapters: returns the destination whose messages a source has.
 * @param deadLetters the broker's name of the destination of dead letters
 */
export function destinationOf(source: Source, deadLetters: string): Destination {
  if (source.kind === "dead-letters") return { kind: "queue", name: deadLetters };
  return { kind: source.kind, name: source.name };
}
