import { RELEASE } from "../../spi/settlement.ts";
import type { IncomingMessage, IncomingStep } from "../incoming/incoming-message.ts";
import { createKeyGate } from "../incoming/key-gate.ts";

/** Handles messages with equal keys one after the other, and others concurrently. Each subscription has a gate of its own. */
export function orderByKey(): IncomingStep {
  const gate = createKeyGate();
  return {
    name: "order by key",
    run(message, next) {
      const key = message.envelope.partitionKey ?? message.delivery.message.key;
      if (key === undefined || message.consumer.source.kind === "dead-letters") return next(message);
      const revoked = (): boolean => isRevoked(message);
      return gate.inTurn(key, (hasWaited) => (hasWaited && revoked() ? RELEASE : next(message)), revoked);
    },
  };
}

/** Whether the broker took the message back: another consumer has it then. */
function isRevoked(message: IncomingMessage): boolean {
  return message.delivery.signal.aborted;
}
