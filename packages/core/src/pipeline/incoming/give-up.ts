import { describeThrown, textOf } from "../../environment/describe-thrown.ts";
import { atMost } from "../../environment/printable.ts";
import { failureCode, failureHeaders } from "../../recovery/failure-headers.ts";
import type { Settlement } from "../../spi/settlement.ts";
import type { IncomingMessage } from "./incoming-message.ts";
import type { FailureData } from "../route.ts";

/** What giving up needs from the bus. */
export interface GiveUpServices {
  /** Now, RFC 3339. */
  readonly time: () => string;
  /** Tells a waiting requester; never rejects, and ends within the time that a message has to be stored. */
  readonly tellRequester: (message: IncomingMessage, failure: FailureData) => Promise<void>;
}

/** A longer code is a text, and a large failure would not reach its requester. */
const LONGEST_CODE = 200;

/** Turns a message into a dead letter, after whoever waits for its reply has been told. Never rejects. */
export async function giveUp(
  message: IncomingMessage,
  { failure, tries }: { readonly failure: unknown; readonly tries: number },
  rites: GiveUpServices,
): Promise<Settlement> {
  const { service, source } = message.consumer;
  const { lane } = message.delivery;
  if (message.isRead && message.envelope.replyTo !== undefined)
    await rites.tellRequester(message, {
      code: remoteCode(failure),
      message: describeThrown(failure),
      service,
    });
  return {
    type: "dead-letter",
    headers: failureHeaders(failure, { source, lane, time: rites.time(), tries }),
  };
}

/** A handler's own error code goes to the requester as it is: `throw Object.assign(new Error("none left"), { code: "SOLD_OUT" })`. */
function remoteCode(failure: unknown): string {
  return atMost(textOf(failure, "code") ?? failureCode(failure), LONGEST_CODE);
}
