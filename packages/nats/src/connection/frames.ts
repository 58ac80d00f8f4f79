/** What is published. */
export interface Frame {
  readonly subject: string;
  readonly body: Uint8Array;
  /** Its header block. */
  readonly headers?: Uint8Array;
  /** Where an answer goes. */
  readonly reply?: string | undefined;
}

/** The verb, two numbers, spaces and line breaks. */
const MOST_OF_A_LINE = 40;

/** The bytes of several messages, one after the other (NATS client protocol: PUB, HPUB). */
export function bytesOf(frames: readonly Frame[]): Uint8Array {
  let room = 0;
  for (const { subject, body, headers, reply } of frames)
    room +=
      MOST_OF_A_LINE + 3 * (subject.length + (reply?.length ?? 0)) + (headers?.length ?? 0) + body.length;
  const bytes = Buffer.allocUnsafe(room);
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
