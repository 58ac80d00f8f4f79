/** The destination of a message. */
export type Destination =
  /** A queue of one owner with competing consumers: commands. A replay is for the owner alone, even if others read the queue. */
  | { readonly kind: "queue"; readonly name: string; readonly isReplay?: true }
  /** Durable fan-out to any number of groups: events. */
  | { readonly kind: "topic"; readonly name: string }
  /** One group of a topic: a replayed event reaches the group that failed, and no other. */
  | { readonly kind: "group"; readonly topic: string; readonly group: string }
  /** One requester; the address is opaque, created by a transport's reply inbox. */
  | { readonly kind: "reply"; readonly address: string };

/** The source of a subscription. Members of one group compete; `lanes` is absent without order. */
export type Source =
  | {
      readonly kind: "queue" | "topic";
      readonly name: string;
      readonly group: string;
      readonly lanes: number | undefined;
    }
  /** The dead letters of a group (a service), from all its sources. */
  | { readonly kind: "dead-letters"; readonly group: string };
