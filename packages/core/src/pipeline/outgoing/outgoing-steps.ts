import type { Clock } from "../../environment/clock.ts";
import { MessagingError } from "../../environment/messaging-error.ts";
import type { Envelope } from "../../message/envelope.ts";
import type { Step } from "../compose.ts";
import type { MaybePromise } from "../maybe-promise.ts";
import type { OutgoingMiddleware } from "../middleware.ts";
import type { OutgoingMessage } from "./outgoing-message.ts";
import { encodeBy } from "../steps/encode.ts";
import { storeWith, type StoreParts } from "../steps/store.ts";
import { stampWith, type Stamp } from "../steps/stamp.ts";
import { validateOutgoing } from "../steps/validate-outgoing.ts";

export type OutgoingStep = Step<OutgoingMessage, MaybePromise<Envelope>>;

export interface OutgoingParts {
  readonly stamp: Stamp;
  readonly clock: Clock;
  readonly store: StoreParts;
  readonly middleware: readonly OutgoingMiddleware[];
}

/** Returns the steps of every outgoing message, in order. `explain` prints the same list that runs. */
export function outgoingSteps({ stamp, clock, store, middleware }: OutgoingParts): readonly OutgoingStep[] {
  return [
    validateOutgoing({ clock, hasAsyncSteps: middleware.length > 0 }),
    stampWith(stamp),
    ...middleware.map(stepOf),
    encodeBy(clock),
    storeWith(store),
  ];
}

function stepOf({ name, run }: OutgoingMiddleware): OutgoingStep {
  return {
    name: `middleware ${name}`,
    async run(message, next) {
      let result: Envelope | undefined;
      const proceed = (envelope: Envelope): Promise<void> => {
        const proceeding = (async () => {
          message.envelope = envelope;
          result = await next(message);
        })();
        proceeding.catch(() => undefined); // a middleware that does not await it must not end the process
        return proceeding;
      };
      await run(message.envelope, proceed, { intent: message.intent, contract: message.route.contract });
      if (result !== undefined) return result;
      throw new MessagingError("invalid-option", {
        what: `The outgoing middleware ${name} did not call next for message ${message.envelope.type} ${message.envelope.id}.`,
        advice: "Call and await next, or throw an error when the message must not be sent.",
        messageId: message.envelope.id,
      });
    },
  };
}
