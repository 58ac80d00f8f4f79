import { MessagingError } from "../../environment/messaging-error.ts";
import type { Command } from "../../message/contract.ts";
import type { Envelope } from "../../message/envelope.ts";

/** The part of a request that its errors name. */
export interface NamedRequest {
  /** The id of the command; empty before it is sent. */
  readonly id: string;
  /** The name of the command. */
  readonly command: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

/** Returns the error of a request that ends without a reply. @param maybeStored whether the broker may have the command */
export type RequestFailure = (request: NamedRequest, maybeStored: boolean) => MessagingError;

const MAY_BE_HANDLED = "The command may still be handled.";
const NOT_SENT = "The command was not sent: sending it again is safe.";

export const timedOut: RequestFailure = ({ command, id, timeoutMs }, maybeStored) =>
  new MessagingError("request-timeout", {
    what: `No reply to ${nameOf(command, id)} came within ${timeoutMs} ms.`,
    advice: maybeStored
      ? "The command is stored and may still be handled. Wait longer, or make its handler idempotent and send it again."
      : NOT_SENT,
    messageId: id,
    maybeStored,
  });

/** Returns the error of a request whose signal has aborted. */
export function aborted(
  { command, id, signal }: Pick<NamedRequest, "command" | "id" | "signal">,
  maybeStored: boolean,
): MessagingError {
  return new MessagingError("request-aborted", {
    what: `The request ${nameOf(command, id)} was aborted by its caller.`,
    advice: maybeStored ? MAY_BE_HANDLED : NOT_SENT,
    messageId: id === "" ? undefined : id,
    maybeStored,
    cause: signal?.reason,
  });
}

export const stoppedWhileWaiting: RequestFailure = ({ command, id }, maybeStored) =>
  new MessagingError("bus-stopped", {
    what: `The bus stopped before the reply to ${nameOf(command, id)} came.`,
    advice: maybeStored ? MAY_BE_HANDLED : NOT_SENT,
    messageId: id,
    maybeStored,
  });

export const disconnectedWhileWaiting: RequestFailure = ({ command, id }, maybeStored) =>
  new MessagingError("request-disconnected", {
    what: `The connection was lost before the reply to ${nameOf(command, id)} came.`,
    advice: maybeStored
      ? "The command may still be handled, and its reply is then lost. Make its handler idempotent and send it again."
      : NOT_SENT,
    messageId: id,
    maybeStored,
  });

/** Returns the error of a request that was never sent. No caller sees it: no reply names a request without an id. */
export function neverSent(): MessagingError {
  return new MessagingError("request-aborted", {
    what: "The request was never sent.",
    advice: "Send it again.",
  });
}

export function invalidReply(
  { name }: Command,
  { causationId }: Envelope,
  { issues, cause }: { readonly issues: string; readonly cause: unknown },
): MessagingError {
  return new MessagingError("invalid-reply", {
    what: `The reply to ${name} ${causationId ?? ""} does not match its schema: ${issues}.`,
    advice:
      "The command was handled. Its requester and its owner have different contracts: correct one of them.",
    messageId: causationId,
    cause,
  });
}

function nameOf(command: string, id: string): string {
  return id === "" ? command : `${command} ${id}`;
}
