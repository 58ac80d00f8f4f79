import type { Contract } from "../../message/contract.ts";
import type { Envelope } from "../../message/envelope.ts";
import type { WireMessage } from "../../spi/wire-message.ts";
import type { Step } from "../compose.ts";
import type { MaybePromise } from "../maybe-promise.ts";
import type { OutgoingMessage } from "../outgoing/outgoing-message.ts";

/** Provisions a destination. Returns undefined once it is provisioned. */
export type EnsureDestination = () => Promise<void> | undefined;

/**
 * Stores one message at the broker and resolves with `stored`; rejects with a MessagingError when it cannot. With `ensure`
 * the message waits until its destination is provisioned.
 */
export type Store = <Answer>(
  message: WireMessage,
  stored: Answer,
  ensure?: EnsureDestination,
) => Promise<Answer>;

export interface StoreParts {
  readonly store: Store;
  /** Provisions the destination of a contract. Returns undefined once it is provisioned. */
  readonly ensure: (contract: Contract) => Promise<void> | undefined;
}

/** Stores the message at the broker. A message of a handler is held until the handler succeeds, and stored then. */
export function storeWith({ store, ensure }: StoreParts): Step<OutgoingMessage, MaybePromise<Envelope>> {
  return {
    name: "store",
    run({ scope, wire, envelope, route, beforeStore }) {
      const pending = wire.destination.kind === "reply" ? undefined : ensure(route.contract);
      if (scope === undefined) {
        beforeStore?.(envelope, wire);
        if (pending === undefined) return store(wire, envelope);
        // The queue of the destination calls `ensure` again and handles its failure.
        pending.catch(() => undefined);
        return store(wire, envelope, () => ensure(route.contract));
      }
      if (pending === undefined) {
        scope.hold(wire);
        return envelope;
      }
      return pending.then(() => {
        scope.hold(wire);
        return envelope;
      });
    },
  };
}
