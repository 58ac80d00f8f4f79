import { setTimeout as pause } from "node:timers/promises";
import { connect } from "amqplib";
import { REAL_PACE, type Harness } from "@waybill/conformance";
import { realWorld } from "@waybill/conformance/proxy";
import { systemEnvironment } from "@waybill/core/transport-kit";
import type { Source } from "@waybill/core/transport";
import type { OwnBroker } from "@waybill/brokers";
import { rabbitmqTransport } from "../src/index.ts";
import { queuesOf } from "../src/topology/sources.ts";
import { rabbitmqWriter } from "./raw-writer.ts";

/** The heartbeat interval of the transports under test, in seconds. It is short to detect a silent connection soon. */
const HEARTBEAT_S = 1;
/** RabbitMQ's default memory watermark, as a share of the machine's memory. */
const WATERMARK = "0.6";

/**
 * Resolves once RabbitMQ has raised the memory alarm. RabbitMQ reports the alarm a moment later, and only to a connection that
 * publishes, so a probe publishes.
 */
async function untilBlocked(url: string): Promise<void> {
  const probe = await connect(url);
  probe.on("error", () => undefined);
  try {
    const channel = await probe.createChannel();
    let isBlocked = false;
    probe.once("blocked", () => (isBlocked = true));
    while (!isBlocked) {
      channel.publish("", "no-queue", Buffer.alloc(1));
      await pause(5);
    }
  } finally {
    void probe.close().catch(() => undefined); // RabbitMQ answers the close only after the alarm has ended
  }
}

async function deleteSource(url: string, source: Source): Promise<void> {
  const connection = await connect(url);
  try {
    const channel = await connection.createChannel();
    for (const { queue } of queuesOf(source)) await channel.deleteQueue(queue);
  } finally {
    await connection.close();
  }
}

/** Returns the harness of a RabbitMQ in a process of its own, which all scenarios share. */
export function rabbitmqHarness(name: string, broker: OwnBroker): Harness {
  const { hostname, port, username, password } = new URL(broker.url);
  const watermark = (share: string): Promise<void> =>
    broker.tool("set_vm_memory_high_watermark", share).then(() => undefined);
  return {
    name,
    pace: { ...REAL_PACE, leaseMs: 1_000, heartbeatMs: HEARTBEAT_S * 1_000 },
    open: () =>
      Promise.resolve(
        realWorld({
          broker: { host: hostname, port: Number(port) },
          transport: ({ host, port: at }) =>
            rabbitmqTransport(
              { url: `amqp://${username}:${password}@${host}:${at}`, heartbeatSeconds: HEARTBEAT_S },
              systemEnvironment,
            ),
          raw: rabbitmqWriter(broker.url),
          process: {
            restart: () => broker.restart(),
            kill: async () => {
              await broker.kill9();
              await broker.start();
            },
            pause: () => broker.pause(),
            resume: () => broker.resume(),
          },
          faults: {
            block: async () => {
              await watermark("0.0000001");
              await untilBlocked(broker.url);
            },
            unblock: () => watermark(WATERMARK),
            deleteSource: (source) => deleteSource(broker.url, source),
          },
        }),
      ),
  };
}
