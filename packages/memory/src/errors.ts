import { MessagingError, type Source } from "@waybill/core/transport";
import { provisioning } from "@waybill/core/transport-kit";

/** Returns the error of a call after `close`. */
export function closedError(): MessagingError {
  return new MessagingError("closed", {
    what: "The memory transport is closed.",
    advice: "Create a new transport.",
  });
}

/** Returns the error of a call without a connection. */
export function disconnectedError(): MessagingError {
  return new MessagingError("disconnected", {
    what: "There is no connection to the memory broker.",
    advice: "Wait until the transport is ready.",
  });
}

/** Returns the error of a `connect` that was aborted before it began. */
export function abortedError(cause: unknown): MessagingError {
  return new MessagingError("connect-failed", {
    what: "The connection to the memory broker was aborted.",
    advice: "Create a new transport to connect again.",
    cause,
  });
}

/** Returns the error of a source that was not provisioned. */
export function unknownSource(source: Source): MessagingError {
  const name =
    source.kind === "dead-letters"
      ? `dead letters of ${source.group}`
      : `${source.kind} ${source.name} for ${source.group}`;
  return provisioning.unknownSource("The memory broker", name);
}

/** Returns the error of a source with another number of lanes. */
export function otherLanes(name: string, [wanted, found]: readonly (number | undefined)[]): MessagingError {
  return new MessagingError("unroutable", {
    what: `${name} has ${found ?? "no"} lanes, not ${wanted ?? "none"}.`,
    advice: "Correct the contract, or delete the destination and provision it again.",
  });
}

/** Returns the warning about a queue that two services consume. */
export function secondOwner(queue: string, [first, second]: readonly [string, string]): string {
  return `Two services own queue ${queue}: ${first} and ${second}. Each command goes to one of them. Handle it in one service, or make it an event.`;
}
