import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import type { OwnBroker } from "@waybill/brokers";

/** Returns a line for each stream and each consumer, without values that equal the defaults of NATS. */
export async function onNats(broker: OwnBroker): Promise<readonly string[]> {
  const connection = await connect({ servers: broker.url.replace(/^nats:\/\//, "") });
  try {
    const manager = await jetstreamManager(connection);
    const lines: string[] = [];
    for await (const { config } of manager.streams.list()) {
      lines.push(`stream ${config.name}  ${settingsText(config)}`);
      for await (const consumer of manager.consumers.list(config.name))
        lines.push(`consumer ${consumer.name} of ${config.name}  ${settingsText(consumer.config)}`);
    }
    return lines;
  } finally {
    await connection.close();
  }
}

/** The settings that matter most to an operator. */
const SHOWN = [
  "subjects",
  "filter_subject",
  "filter_subjects",
  "retention",
  "storage",
  "max_age",
  "duplicate_window",
  "allow_msg_schedules",
  "allow_msg_ttl",
  "deliver_policy",
  "ack_policy",
  "ack_wait",
  "max_deliver",
  "max_ack_pending",
  "priority_policy",
];

function settingsText(config: object): string {
  const known = new Map<string, unknown>(Object.entries(config));
  return SHOWN.filter((name) => known.has(name) && !isDefault(known.get(name)))
    .map((name) => `${name}=${shown(name, known.get(name))}`)
    .join(", ");
}

function isDefault(value: unknown): boolean {
  return value === 0 || value === false || value === undefined || value === "none";
}

/** NATS gives durations in nanoseconds. */
function shown(name: string, value: unknown): string {
  if (typeof value === "number" && /age|window|wait/.test(name)) return `${value / 1e9}s`;
  return Array.isArray(value) ? value.join(" ") : String(value);
}
