import { textOfRaw, type RawMessage, type RawDestination, type RawWriter } from "@waybill/conformance";
import { connect, createInbox, type NatsConnection } from "@nats-io/transport-node";
import { writerOf } from "../src/connection/client-internals.ts";
import { bytesOf } from "../src/connection/frames.ts";
import { queueSubject, topicSubject } from "../src/topology/names.ts";

/** How long the server may take to answer. */
const ANSWER_TIMEOUT_MS = 10_000;

/** Writes protocol lines itself, because the client would check names and values of headers. */
export function natsWriter(address: string): RawWriter {
  let opened: Promise<NatsConnection> | undefined;
  return {
    async write(destination, message) {
      const nc = await (opened ??= connect({ servers: address }));
      const reply = createInbox();
      const answers = nc.subscribe(reply, { max: 1, timeout: ANSWER_TIMEOUT_MS });
      writerOf(nc)(
        bytesOf([{ subject: subjectOf(destination), body: message.body, headers: blockOf(message), reply }]),
      );
      for await (const answer of answers) return !/"error"/.test(answer.string());
      return false;
    },
    async close() {
      await (await opened)?.close();
    },
  };
}

function subjectOf({ kind, name, lane }: RawDestination): string {
  return kind === "queue" ? queueSubject(name, lane) : topicSubject(name, lane);
}

/** Returns the header block. A line break in a name or a value would end the line, so it becomes a space. */
function blockOf({ headers = [], contentType, id, key }: RawMessage): Uint8Array {
  const pairs = [
    ...(id === undefined ? [] : [["Nats-Msg-Id", id] as const]),
    ...(contentType === undefined ? [] : [["Content-Type", contentType] as const]),
    ...(key === undefined ? [] : [["waybill-key", key] as const]),
    ...headers,
  ];
  const lines = pairs.map(([name, value]) => `${name}: ${textOfRaw(value)}`.replaceAll(/[\r\n]/g, " "));
  return Buffer.from(["NATS/1.0", ...lines, "", ""].join("\r\n"));
}
