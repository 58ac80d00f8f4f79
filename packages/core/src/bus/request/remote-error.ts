import { markClass, markOf } from "../../environment/marks.ts";
import { MessagingError } from "../../environment/messaging-error.ts";
import type { FailureData } from "../../pipeline/route.ts";

const MARK = markOf("RemoteError");

/** The error of a request whose handler failed for good in another service. Its code is `remote-failure`. */
export class RemoteError extends MessagingError {
  override readonly name = "RemoteError";
  /** The code of the handler's error: its own `code`, or a code of Waybill. */
  readonly remoteCode: string;
  /** The message of the handler's error. */
  readonly remoteMessage: string;
  /** The service whose handler failed. */
  readonly service: string;

  static {
    markClass(this, MARK);
  }

  constructor(command: string, { code, message, service }: FailureData, messageId: string) {
    super("remote-failure", {
      what: `Service ${service} could not handle ${command} ${messageId}: ${withoutCode(message, code)} (${code}).`,
      advice: "The command is among the dead letters of that service: correct the cause and replay it.",
      messageId,
    });
    this.remoteCode = code;
    this.remoteMessage = message;
    this.service = service;
  }
}

/** Returns a message without the code at its end: the message of a MessagingError ends in its code. */
function withoutCode(message: string, code: string): string {
  const end = ` [${code}]`;
  return (message.endsWith(end) ? message.slice(0, -end.length) : message).replace(/\.$/, "");
}
