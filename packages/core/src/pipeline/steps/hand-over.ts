import type { Envelope } from "../../message/envelope.ts";
import type { WireMessage } from "../../spi/wire-message.ts";
import type { Step } from "../compose.ts";
import type { MaybePromise } from "../maybe-promise.ts";
import type { OutgoingMessage } from "../outgoing-message.ts";

/** Stores one message at the broker and answers with `stored`; rejects with a MessagingError when it cannot. */
export type Store = <Answer>(message: WireMessage, stored: Answer) => Promise<Answer>;

/** Gives the message to the handler it is sent from, which holds it until it has succeeded, else to the broker. */
export function handOverTo(store: Store): Step<OutgoingMessage, MaybePromise<Envelope>> {
  return {
    name: "hand over",
    run({ scope, wire, envelope, onLeave }) {
      if (scope !== undefined) {
        scope.hold(wire);
        return envelope;
      }
      onLeave?.(envelope);
      return store(wire, envelope);
    },
  };
}
