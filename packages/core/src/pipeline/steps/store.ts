import type { Contract } from "../../message/contract.ts";
import type { Envelope } from "../../message/envelope.ts";
import type { WireMessage } from "../../spi/wire-message.ts";
import type { Step } from "../compose.ts";
import type { MaybePromise } from "../maybe-promise.ts";
import type { OutgoingMessage } from "../outgoing/outgoing-message.ts";

/** What a destination waits for that is not known to be provisioned; nothing once it is. */
export type Learning = () => Promise<void> | undefined;

/**
 * Stores one message at the broker and answers with `stored`; rejects with a MessagingError when it cannot. Waits with
 * it for the destination where `learning` is given.
 */
export type Store = <Answer>(message: WireMessage, stored: Answer, learning?: Learning) => Promise<Answer>;

export interface StoreParts {
  readonly store: Store;
  /** Sees to it that the destination of a contract exists. */
  readonly ensure: (contract: Contract) => Promise<void> | undefined;
}

/** Gives the message to the handler it is sent from, which holds it until it has succeeded, else to the broker. */
export function storeWith({ store, ensure }: StoreParts): Step<OutgoingMessage, MaybePromise<Envelope>> {
  return {
    name: "hand over",
    run({ scope, wire, envelope, route, onLeave }) {
      const learning = wire.destination.kind === "reply" ? undefined : ensure(route.contract);
      if (scope === undefined) {
        onLeave?.(envelope, wire);
        if (learning === undefined) return store(wire, envelope);
        // Those that wait for the same destination share one learning.
        learning.catch(() => undefined);
        return store(wire, envelope, () => ensure(route.contract));
      }
      if (learning === undefined) {
        scope.hold(wire);
        return envelope;
      }
      return learning.then(() => {
        scope.hold(wire);
        return envelope;
      });
    },
  };
}
