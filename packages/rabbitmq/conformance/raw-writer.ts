import type { RawMessage, RawDestination, RawValue, RawWriter } from "@waybill/conformance";
import { connect, type ChannelModel, type ConfirmChannel, type Options } from "amqplib";
import { laneName } from "../src/topology/names.ts";

interface Opened {
  readonly connection: ChannelModel;
  readonly channel: ConfirmChannel;
}

/** Returns a writer of header values of every AMQP type, with amqplib. */
export function rabbitmqWriter(url: string): RawWriter {
  let opened: Promise<Opened> | undefined;
  return {
    async write(destination, message) {
      const { channel } = await (opened ??= open(url));
      return new Promise((resolve) => {
        try {
          publish(channel, { destination, message, done: (error) => resolve(error === null) });
        } catch {
          resolve(false); // amqplib cannot encode it
        }
      });
    },
    async close() {
      await (await opened?.catch(() => undefined))?.connection.close().catch(() => undefined);
    },
  };
}

async function open(url: string): Promise<Opened> {
  const connection = await connect(url);
  connection.on("error", () => undefined);
  const channel = await connection.createConfirmChannel();
  channel.on("error", () => undefined);
  return { connection, channel };
}

interface Publishing {
  readonly destination: RawDestination;
  readonly message: RawMessage;
  readonly done: (error: unknown) => void;
}

function publish(channel: ConfirmChannel, { destination, message, done }: Publishing): void {
  const { kind, name, lane } = destination;
  const properties = propertiesOf(message);
  const [exchange, key] = kind === "queue" ? ["", laneName(name, lane)] : [laneName(name, lane), ""];
  channel.publish(exchange, key, Buffer.from(message.body), properties, done);
}

function propertiesOf({ headers = [], contentType, id, key }: RawMessage): Options.Publish {
  const pairs = key === undefined ? headers : [["waybill-key", key] as const, ...headers];
  return {
    deliveryMode: 2,
    headers: Object.fromEntries(pairs.map(([name, value]) => [name, typed(value)])),
    ...(id !== undefined && { messageId: id }),
    ...(contentType !== undefined && { contentType }),
  };
}

/** Returns bytes as a `Buffer`, the only form that amqplib knows. */
function typed(value: RawValue): unknown {
  return value instanceof Uint8Array ? Buffer.from(value) : value;
}
