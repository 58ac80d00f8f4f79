import type { Settlement } from "../../spi/settlement.ts";
import { compose } from "../compose.ts";
import type { IncomingMessage, IncomingStep, TryStep } from "./incoming-message.ts";
import type { MaybePromise } from "../maybe-promise.ts";
import type { IncomingMiddleware } from "../middleware.ts";
import { catchUnreadable } from "../steps/catch-unreadable.ts";
import { decodeContent, readEnvelope } from "../steps/decode.ts";
import { handleWith, type Reply } from "../steps/handle.ts";
import { matchHandler, type TakesReplies } from "../steps/match.ts";
import { orderByKey } from "../steps/order-by-key.ts";
import { tryHandler, type TryParts } from "../steps/try-handler.ts";
import { validateIncoming } from "../steps/validate-incoming.ts";

export interface IncomingParts {
  readonly trying: Omit<TryParts, "read">;
  readonly reply: Reply;
  readonly takesReplies: TakesReplies;
  /** Creates an id for a message without one. */
  readonly newId: () => string;
  readonly middleware: readonly IncomingMiddleware[];
}

export interface IncomingPipeline {
  /** The names of all steps, in order. */
  readonly names: readonly string[];
  readonly run: (message: IncomingMessage) => MaybePromise<Settlement>;
}

/**
 * Creates the pipeline of one subscription: the steps of every incoming message, in order. `explain` prints the same list
 * that runs.
 */
export function incomingPipeline(parts: IncomingParts): IncomingPipeline {
  const { trying, reply, takesReplies, newId, middleware } = parts;
  const read = readEnvelope(newId);
  const { clock } = trying.recovery;
  const tries: readonly TryStep[] = [validateIncoming(clock), ...middleware.map(stepOf), handleWith(reply)];
  const steps: readonly IncomingStep[] = [
    catchUnreadable(trying.recovery.giveUpServices),
    decodeContent(read),
    matchHandler(takesReplies),
    orderByKey(),
    tryHandler({ ...trying, read }, compose(tries)),
  ];
  return { names: [...steps, ...tries].map(({ name }) => name), run: compose(steps) };
}

function stepOf({ name, run }: IncomingMiddleware): TryStep {
  return {
    name: `middleware ${name}`,
    async run(message, next) {
      let running: Promise<void> | undefined;
      await run(message.scope, () => {
        const proceeding = (async () => void (await next(message)))();
        const ended = (): void => void (running === proceeding && (running = undefined));
        proceeding.then(ended, ended); // also handles a rejection that the middleware did not await
        running = proceeding;
        return proceeding;
      });
      // A middleware that did not await next has not ended the try: its handler still runs.
      await running;
    },
  };
}
