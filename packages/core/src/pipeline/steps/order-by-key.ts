import { RELEASE } from "../../spi/settlement.ts";
import type { IncomingStep } from "../incoming/incoming-step.ts";
import type { IncomingMessage } from "../incoming/incoming-message.ts";
import { createKeyGate } from "../incoming/key-gate.ts";

/** Equal keys one after the other, different keys concurrently; one gate per subscription. */
export function orderByKey(): IncomingStep {
  const gate = createKeyGate();
  return {
    name: "order by key",
    run(message, next) {
      const key = message.envelope.partitionKey ?? message.delivery.message.key;
      if (key === undefined || message.consumer.source.kind === "dead-letters") return next(message);
      const isTakenBack = (): boolean => isRevoked(message);
      return gate.inTurn(
        key,
        (hasWaited) => (hasWaited && isTakenBack() ? RELEASE : next(message)),
        isTakenBack,
      );
    },
  };
}

/** A message that the broker took back while it waited is somebody else's now. */
function isRevoked(message: IncomingMessage): boolean {
  return message.delivery.signal.aborted;
}
