import { within, type Clock } from "../../environment/clock.ts";
import { MessagingError, isMessagingError } from "../../environment/messaging-error.ts";
import type { Command } from "../../message/contract.ts";
import type { Depth, Transport } from "../../spi/transport.ts";

/** How long the broker may take to say who consumes a queue: the requester has waited long enough. */
const PATIENCE_MS = 500;

/** The timeout of a request, with what the broker knows of the command's owner. Never rejects. */
export async function withOwner(
  timeout: MessagingError,
  { name, destination, lanes }: Pick<Command, "name" | "destination" | "lanes">,
  { transport, clock }: { readonly transport: Transport; readonly clock: Clock },
): Promise<MessagingError> {
  let found: Depth | "no queue" | undefined;
  const looking = transport.depth({ kind: "queue", name: destination, group: destination, lanes }).then(
    (depth) => (found = depth),
    (error: unknown) => (found = isMessagingError(error, "unroutable") ? "no queue" : undefined),
  );
  await within(clock, PATIENCE_MS, looking);
  const reason = found === undefined ? undefined : reasonOf(found, destination);
  if (reason === undefined) return timeout;
  const own =
    transport.name === "memory" ? " Each bus on memory: has a broker of its own; memory:name is shared." : "";
  return new MessagingError("request-timeout", {
    what: `${timeout.message.slice(0, timeout.message.indexOf(timeout.advice) - 1)} ${reason}`,
    advice: `Start the service that handles ${name}, on this broker.${own} The command is stored and will be handled then.`,
    messageId: timeout.messageId,
    maybeStored: timeout.maybeStored,
  });
}

function reasonOf(found: Depth | "no queue", queue: string): string | undefined {
  if (found === "no queue") return `Nobody has provisioned queue ${queue} on this broker.`;
  if (found.members === 0) return `Nobody consumes queue ${queue}: no service that owns it runs.`;
  if (found.members === undefined && found.ready > 0)
    return `${found.ready} messages wait in queue ${queue}: maybe no service that owns it runs.`;
  return undefined;
}
