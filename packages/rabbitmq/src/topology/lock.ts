import type { Channel } from "amqplib";
import { sleep } from "@waybill/core/transport-kit";
import type { Environment } from "@waybill/core/transport";
import type { Channels } from "../connection/channels.ts";
import { isLocked } from "../errors.ts";

/** The time between two attempts to take a lock that another process holds. */
const RETRY_MS = 100;

export interface LockContext {
  readonly channels: Channels;
  readonly environment: Environment;
}

/** Runs `work` in one process at a time. The lock is an exclusive queue, which RabbitMQ deletes with its owner's connection. */
export async function whileLocked(
  { channels, environment }: LockContext,
  lock: string,
  work: (channel: Channel) => Promise<void>,
): Promise<void> {
  for (;;) {
    try {
      return await channels.run(async (channel) => {
        await channel.assertQueue(lock, {
          exclusive: true,
          autoDelete: true,
          durable: false,
        });
        try {
          await work(channel);
        } finally {
          await channel.deleteQueue(lock);
        }
      });
    } catch (error) {
      if (!isLocked(error)) throw error;
      await sleep(environment.clock, RETRY_MS);
    }
  }
}
