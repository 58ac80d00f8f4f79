import { ACK, type Settlement } from "../spi/settlement.ts";
import type { Step } from "./compose.ts";
import type { LastRites } from "./give-up.ts";
import type { IncomingMessage } from "./incoming-message.ts";
import type { MaybePromise } from "./maybe-promise.ts";
import type { IncomingMiddleware } from "./middleware.ts";
import { catchUnreadable } from "./steps/catch-unreadable.ts";
import { collectWith, type CollectParts } from "./steps/collect.ts";
import { decodeContent } from "./steps/decode.ts";
import { handleWith, type Reply } from "./steps/handle.ts";
import { matchHandler } from "./steps/match.ts";
import { orderByKey } from "./steps/order-by-key.ts";
import { recoverWith, type RecoverParts } from "./steps/recover.ts";
import { validateIncoming } from "./steps/validate-incoming.ts";

export type IncomingStep = Step<IncomingMessage, MaybePromise<Settlement>>;

export interface IncomingParts {
  readonly rites: LastRites;
  readonly recover: Omit<RecoverParts, "rites">;
  readonly collect: CollectParts;
  readonly reply: Reply;
  readonly middleware: readonly IncomingMiddleware[];
}

/** What happens to every message that comes, in order: the list that `explain` prints is the list that runs. One per subscription. */
export function incomingSteps({
  rites,
  recover,
  collect,
  reply,
  middleware,
}: IncomingParts): readonly IncomingStep[] {
  return [
    catchUnreadable(rites),
    decodeContent,
    matchHandler,
    orderByKey(),
    recoverWith({ ...recover, rites }),
    collectWith(collect),
    validateIncoming,
    ...middleware.map(stepOf),
    handleWith(reply),
  ];
}

function stepOf({ name, run }: IncomingMiddleware): IncomingStep {
  return {
    name: `middleware ${name}`,
    async run(message, next) {
      let settlement: Settlement = ACK;
      await run(message.scope, async () => {
        settlement = await next(message);
      });
      return settlement;
    },
  };
}
