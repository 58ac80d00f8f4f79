import { withDeadline, type Clock } from "../../environment/clock.ts";
import { MessagingError, isMessagingError } from "../../environment/messaging-error.ts";
import type { Command } from "../../message/contract.ts";
import type { Depth, Transport } from "../../spi/transport.ts";

/**
 * How long the broker may take to describe the queue, in milliseconds. It is short, because the timeout of the
 * requester has passed.
 */
const LOOKUP_MS = 500;

/** Adds to the timeout of a request what the broker knows about the consumers of the command. Never rejects. */
export async function withOwner(
  timeout: MessagingError,
  { name, destination, lanes }: Pick<Command, "name" | "destination" | "lanes">,
  { transport, clock }: { readonly transport: Transport; readonly clock: Clock },
): Promise<MessagingError> {
  let found: Depth | "no queue" | undefined;
  const lookup = transport.depth({ kind: "queue", name: destination, group: destination, lanes }).then(
    (depth) => (found = depth),
    (error: unknown) => (found = isMessagingError(error, "unroutable") ? "no queue" : undefined),
  );
  await withDeadline(clock, clock.now() + LOOKUP_MS, lookup);
  const reason = found === undefined ? undefined : reasonOf(found, destination);
  if (reason === undefined) return timeout;
  const ownBroker =
    transport.name === "memory"
      ? " Each bus on memory: has a broker of its own; all buses on memory:name share one."
      : "";
  return new MessagingError("request-timeout", {
    what: `${timeout.message.slice(0, timeout.message.indexOf(timeout.advice) - 1)} ${reason}`,
    advice: `Start the service that handles ${name}, on this broker.${ownBroker} The command is stored: the service handles it when it starts.`,
    messageId: timeout.messageId,
    maybeStored: timeout.maybeStored,
  });
}

function reasonOf(found: Depth | "no queue", queue: string): string | undefined {
  if (found === "no queue") return `Queue ${queue} does not exist on this broker.`;
  if (found.members === 0) return `Queue ${queue} has no consumer: the service that owns it does not run.`;
  if (found.members === undefined && found.ready > 0)
    return `${found.ready} messages wait in queue ${queue}: perhaps the service that owns it does not run.`;
  return undefined;
}
