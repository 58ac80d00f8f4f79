import { Kafka, logLevel } from "kafkajs";

/**
 * Deletes the topics that a scenario has left. Some scenarios restart the broker, and one with thousands of partitions would
 * take a minute to start.
 */
export function deleteLeftTopics(address: string): Promise<void> {
  return deleteTopics(address, (name) => name.startsWith("kit"));
}

/** Deletes the topics that a filter selects. */
export async function deleteTopics(address: string, isMeant: (name: string) => boolean): Promise<void> {
  const admin = new Kafka({ brokers: [address], logLevel: logLevel.NOTHING, retry: { retries: 2 } }).admin();
  try {
    await admin.connect();
    const topics = (await admin.listTopics()).filter(isMeant);
    if (topics.length > 0) await admin.deleteTopics({ topics });
  } finally {
    await admin.disconnect();
  }
}
