/** Where a message is sent to. */
export type Destination =
  /** Competing consumers, one owner: commands. A replay is for the owner alone, also where others read the queue. */
  | { readonly kind: "queue"; readonly name: string; readonly isReplay?: true }
  /** Durable fan-out to any number of groups: events. */
  | { readonly kind: "topic"; readonly name: string }
  /** One group's own copy of a topic: a replayed event reaches the group that failed and no other. */
  | { readonly kind: "group"; readonly topic: string; readonly group: string }
  /** One waiting requester; opaque, minted by a transport's reply inbox. */
  | { readonly kind: "reply"; readonly address: string };

/** Where messages are consumed from. Members of one group compete; `lanes` is absent for what has no order. */
export type Source =
  | {
      readonly kind: "queue" | "topic";
      readonly name: string;
      readonly group: string;
      readonly lanes: number | undefined;
    }
  /** What a group (a service) could not handle, of all its sources, for tools to read. */
  | { readonly kind: "dead-letters"; readonly group: string };

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
