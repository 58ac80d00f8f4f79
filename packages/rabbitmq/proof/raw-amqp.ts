import { connect, type Socket } from "node:net";
import { once } from "node:events";

/** Encoders of AMQP 0-9-1 (§4.2), for values that no client writes. */
const u16 = (value: number): Buffer => Buffer.from([value >> 8, value & 0xff]);
const u32 = (value: number): Buffer => Buffer.concat([u16(value >>> 16), u16(value & 0xffff)]);
const short = (text: string): Buffer =>
  Buffer.concat([Buffer.from([Buffer.byteLength(text)]), Buffer.from(text)]);
const long = (bytes: Buffer | string): Buffer => {
  const all = Buffer.from(bytes);
  return Buffer.concat([u32(all.length), all]);
};
const frame = (type: number, payload: Buffer, channel = 1): Buffer =>
  Buffer.concat([Buffer.from([type]), u16(channel), u32(payload.length), payload, Buffer.from([0xce])]);
const method = (id: readonly [number, number], ...args: readonly Buffer[]): Buffer =>
  Buffer.concat([u16(id[0]), u16(id[1]), ...args]);

/** Encoders of header fields: the type and the bytes. */
export const field = {
  text: (text: string): Buffer => Buffer.concat([Buffer.from("S"), long(text)]),
  time: (seconds: bigint): Buffer => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64BE(seconds);
    return Buffer.concat([Buffer.from("T"), bytes]);
  },
  table: (...pairs: readonly (readonly [string, Buffer])[]): Buffer =>
    Buffer.concat([Buffer.from("F"), table(...pairs)]),
  /** Arrays within arrays. */
  nested(depth: number): Buffer {
    const rest = (level: number): number => 5 * (depth - 1 - level) + 1;
    const levels = Array.from({ length: depth }, (_, at) => Buffer.concat([Buffer.from("A"), u32(rest(at))]));
    return Buffer.concat([...levels, Buffer.from("V")]);
  },
};

function table(...pairs: readonly (readonly [string, Buffer])[]): Buffer {
  return long(Buffer.concat(pairs.flatMap(([name, value]) => [short(name), value])));
}

export interface RawMessage {
  readonly queue: string;
  readonly body: string;
  readonly headers: readonly (readonly [string, Buffer])[];
}

/** Publishes persistent messages as `guest`. Resolves once the broker has read them. */
export async function publishRaw(url: string, messages: readonly RawMessage[]): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, "connect");
  const ask = async (bytes: Buffer): Promise<void> => {
    socket.write(bytes);
    await once(socket, "data");
  };
  await ask(Buffer.from("AMQP\0\0\x09\x01", "latin1"));
  const login = method([10, 11], long(""), short("PLAIN"), long("\0guest\0guest"), short("en_US"));
  await ask(frame(1, login, 0));
  socket.write(frame(1, method([10, 31], u16(2047), u32(131_072), u16(0)), 0));
  await ask(frame(1, method([10, 40], short("/"), short(""), Buffer.from([0])), 0));
  await ask(frame(1, method([20, 10], short(""))));
  for (const message of messages) write(socket, message);
  // The broker answers in order, so it has read all messages once it answers the close.
  await ask(frame(1, method([20, 40], u16(200), short(""), u16(0), u16(0))));
  socket.destroy();
}

function write(socket: Socket, { queue, body, headers }: RawMessage): void {
  const content = Buffer.from(body);
  const size = Buffer.concat([u32(0), u32(content.length)]);
  const properties = Buffer.concat([u16(0x3000), table(...headers), Buffer.from([2])]);
  socket.write(frame(1, method([60, 40], u16(0), short(""), short(queue), Buffer.from([0]))));
  socket.write(frame(2, Buffer.concat([u16(60), u16(0), size, properties])));
  socket.write(frame(3, content));
}
