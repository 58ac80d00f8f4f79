import { describeThrown, textOf } from "../../environment/describe-thrown.ts";
import { atMost } from "../../environment/printable.ts";
import { failureCode, failureHeaders } from "../../recovery/failure-headers.ts";
import type { Settlement } from "../../spi/settlement.ts";
import type { IncomingMessage } from "./incoming-message.ts";
import type { FailureData } from "../route.ts";

/** The parts of the bus that dead-lettering needs. */
export interface GiveUpServices {
  /** Returns the present time, RFC 3339. */
  readonly time: () => string;
  /** Sends the failure to a waiting requester. Never rejects, and ends within twice the publish timeout. */
  readonly sendFailureReply: (message: IncomingMessage, failure: FailureData) => Promise<void>;
}

/**
 * The most characters of an error code in a reply. Without a limit a very long one would make the reply too large to
 * be sent.
 */
const LONGEST_CODE = 200;

/**
 * Returns the dead-letter settlement of a message, after the failure was sent to a waiting requester. Never rejects.
 */
export async function giveUp(
  message: IncomingMessage,
  { failure, tries }: { readonly failure: unknown; readonly tries: number },
  { time, sendFailureReply }: GiveUpServices,
): Promise<Settlement> {
  const { service, source } = message.consumer;
  const { lane } = message.delivery;
  if (message.isRead && message.envelope.replyTo !== undefined)
    await sendFailureReply(message, {
      code: remoteCode(failure),
      message: describeThrown(failure),
      service,
    });
  return {
    type: "dead-letter",
    headers: failureHeaders(failure, { source, lane, time: time(), tries }),
  };
}

/** Returns the handler's own error code: `throw Object.assign(new Error("none left"), { code: "SOLD_OUT" })`. */
function remoteCode(failure: unknown): string {
  return atMost(textOf(failure, "code") ?? failureCode(failure), LONGEST_CODE);
}
