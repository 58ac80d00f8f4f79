import { MessagingError } from "../ground/messaging-error.ts";
import type { FailureData } from "../pipeline/route.ts";

/** The handler at the other side failed, for good: what it threw, told by code and message. Its code is `remote-failure`. */
export class RemoteError extends MessagingError {
  override readonly name = "RemoteError";
  /** The code of what the handler threw: its own `code`, or one of ours. */
  readonly remoteCode: string;
  readonly remoteMessage: string;
  /** The service that failed. */
  readonly service: string;

  constructor(command: string, { code, message, service }: FailureData, messageId: string) {
    super("remote-failure", {
      what: `Service ${service} could not handle ${command} ${messageId}: ${message} (${code}).`,
      advice: "The command is among that service's dead letters: cure the cause and replay it.",
      messageId,
    });
    this.remoteCode = code;
    this.remoteMessage = message;
    this.service = service;
  }
}
