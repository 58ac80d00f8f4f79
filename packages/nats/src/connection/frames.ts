/** A message to publish. */
export interface Frame {
  readonly subject: string;
  readonly body: Uint8Array;
  /** The header block. */
  readonly headers?: Uint8Array;
  /** The reply subject. */
  readonly reply?: string | undefined;
}

/** The most bytes of the verb, two numbers, spaces and line breaks. */
const MOST_LINE_BYTES = 40;

/** Returns the bytes of messages, one after the other (NATS client protocol: PUB, HPUB). */
export function bytesOf(frames: readonly Frame[]): Uint8Array {
  let capacity = 0;
  for (const { subject, body, headers, reply } of frames)
    capacity +=
      MOST_LINE_BYTES + 3 * (subject.length + (reply?.length ?? 0)) + (headers?.length ?? 0) + body.length;
  const bytes = Buffer.allocUnsafe(capacity);
  let at = 0;
  for (const { subject, body, headers, reply } of frames) {
    const to = reply === undefined ? subject : `${subject} ${reply}`;
    if (headers === undefined) {
      at += bytes.write(`PUB ${to} ${body.length}\r\n`, at);
    } else {
      at += bytes.write(`HPUB ${to} ${headers.length} ${headers.length + body.length}\r\n`, at);
      bytes.set(headers, at);
      at += headers.length;
    }
    bytes.set(body, at);
    at += body.length;
    bytes[at++] = 0x0d;
    bytes[at++] = 0x0a;
  }
  return bytes.subarray(0, at);
}
