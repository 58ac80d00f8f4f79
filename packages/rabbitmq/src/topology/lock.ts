import type { Channel } from "amqplib";
import { sleep } from "@waybill/core/transport-kit";
import type { Environment } from "@waybill/core/transport";
import type { Channels } from "../connection/channels.ts";
import { isLocked } from "../errors.ts";

/** Between two tries to get the lock that another process holds. */
const PAUSE_MS = 100;

export interface LockSite {
  readonly channels: Channels;
  readonly environment: Environment;
}

/** Runs `work` while no other process does. The lock is an exclusive queue, which the broker deletes with its holder's connection. */
export async function whileLocked(
  { channels, environment }: LockSite,
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
      await sleep(environment.clock, PAUSE_MS);
    }
  }
}
