import type { Destination, Source } from "../../spi/destination.ts";

/** For adapters: where the messages of a source were sent to. @param deadLetters what the broker calls the place of its dead letters */
export function destinationText(source: Source, deadLetters: string): Destination {
  switch (source.kind) {
    case "queue":
    case "topic":
      return { kind: source.kind, name: source.name };
    case "dead-letters":
      return { kind: "queue", name: deadLetters };
  }
}
