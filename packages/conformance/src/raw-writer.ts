/** A header value as another program writes it. Brokers without typed headers get it as text. */
export type RawValue =
  | string
  | number
  | boolean
  | null
  | Uint8Array
  | readonly RawValue[]
  | { readonly [name: string]: RawValue };

/** The queue or topic that another program writes to. */
export interface RawDestination {
  readonly kind: "queue" | "topic";
  readonly name: string;
  /** The lane to write into; absent for a destination without lanes. */
  readonly lane?: number | undefined;
}

/** A message as another program writes it: the writer checks, escapes and adds nothing. */
export interface RawMessage {
  readonly body: Uint8Array;
  /** Headers with their names on the wire, in order. A name may occur twice where the broker allows it; elsewhere the last value counts. */
  readonly headers?: readonly (readonly [name: string, value: RawValue])[];
  /** Content type, id and key, where the broker's messages have such a field. */
  readonly contentType?: string;
  readonly id?: string;
  readonly key?: string;
}

/**
 * A hostile or broken program that may write to a queue or topic which a transport consumes. It uses the broker's own
 * client, without any check of the transport.
 */
export interface RawWriter {
  /** Writes a message. Resolves with true when the broker has stored it, with false when the broker or its client refused it. */
  write(destination: RawDestination, message: RawMessage): Promise<boolean>;
  /** Closes the client. Called once, when the world closes. */
  close(): Promise<void>;
}

/** Returns a header value as text, for brokers whose headers have no types. */
export function textOfRaw(value: RawValue): string {
  if (typeof value === "string") return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  return JSON.stringify(value);
}
