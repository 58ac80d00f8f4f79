import { systemEnvironment } from "@waybill/core/transport-kit";
import type { Transport } from "@waybill/core/transport";
import { kafkaTransport, type KafkaOptions } from "../src/index.ts";

/** The transports of a test, and their warnings. */
export class OpenTransports {
  readonly warnings: string[] = [];
  readonly #open: Transport[] = [];

  async transport(options: KafkaOptions): Promise<Transport> {
    const made = kafkaTransport(options);
    this.#open.push(made);
    await made.connect(AbortSignal.timeout(20_000), (text) => this.warnings.push(text));
    return made;
  }

  async close(): Promise<void> {
    for (const each of this.#open.splice(0)) await each.close(systemEnvironment.clock.now());
  }
}
