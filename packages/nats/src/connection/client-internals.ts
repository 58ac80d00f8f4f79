/*
 * The client's internals that the adapter uses, all in this file: the write function of the protocol handler, and the
 * bytes in front of a message's body. Types come from the client's `internal` export, so an incompatible update fails to
 * compile; the guards below detect what types cannot.
 */
import type { Msg, MsgImpl, NatsConnection, NatsConnectionImpl } from "@nats-io/transport-node";

type ProtocolWriter = Pick<NatsConnectionImpl["protocol"], "sendCommand">;

/**
 * Returns a function that writes bytes to the connection. The client's `publish` makes four buffers of each message and
 * joins them again, which is a tenth of the cost of a message.
 * @throws TypeError if the client has no such function
 */
export function writerOf(nc: NatsConnection): (bytes: Uint8Array) => void {
  const { protocol } = nc as NatsConnection & { readonly protocol?: Partial<ProtocolWriter> };
  if (typeof protocol?.sendCommand !== "function")
    throw new TypeError("this version of the NATS client has no protocol.sendCommand");
  return (bytes) => protocol.sendCommand?.(bytes);
}

/**
 * Returns the header block of a message as text, empty without headers. The block lies in front of the body in one buffer.
 * The client's `headers` would parse it into a map of lists, and throw for unusual names.
 * @param body the message's `data`, which the client makes anew on each access
 */
export function headerTextOf(msg: Msg, { buffer, byteOffset, byteLength }: Uint8Array): string {
  const size = (msg as Msg & Pick<MsgImpl, "size">).size();
  const length = size - Buffer.byteLength(msg.subject) - Buffer.byteLength(msg.reply ?? "") - byteLength;
  return length > 0 ? Buffer.from(buffer, byteOffset - length, length).toString() : "";
}
