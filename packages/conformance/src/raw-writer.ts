/** What a header may hold that another program writes: brokers without types get the text of it. */
export type RawValue =
  | string
  | number
  | boolean
  | null
  | Uint8Array
  | readonly RawValue[]
  | { readonly [name: string]: RawValue };

/** Where another program writes. */
export interface RawPlace {
  readonly kind: "queue" | "topic";
  readonly name: string;
  /** The lane it writes into; absent where the place has none. */
  readonly lane?: number | undefined;
}

/** A message as another program writes it: nothing is checked, escaped or added. */
export interface RawMessage {
  readonly body: Uint8Array;
  /** By their names on the wire, in this order. A name may be there twice where the broker allows it; elsewhere the last one counts. */
  readonly headers?: readonly (readonly [name: string, value: RawValue])[];
  /** Where the broker has a place for it. */
  readonly contentType?: string;
  readonly id?: string;
  readonly key?: string;
}

/**
 * Another program that may write to one queue or topic that is read by us, and that means no good or is broken. It uses
 * the broker's own client, past every check of the transport.
 */
export interface RawWriter {
  /** Resolves once the broker has answered: true when it has stored the message, false when the broker or its client refuses it. */
  write(place: RawPlace, message: RawMessage): Promise<boolean>;
  /** Called once, when the world closes. */
  close(): Promise<void>;
}

/** A value as text, for brokers whose headers have no types. */
export function textOfRaw(value: RawValue): string {
  if (typeof value === "string") return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  return JSON.stringify(value);
}
