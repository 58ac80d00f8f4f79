import { markClass, markOf } from "../../environment/marks.ts";
import { MessagingError } from "../../environment/messaging-error.ts";
import type { FailureData } from "../../pipeline/route.ts";

const MARK = markOf("RemoteError");

/** The handler at the other side failed, for good: what it threw, told by code and message. Its code is `remote-failure`. */
export class RemoteError extends MessagingError {
  override readonly name = "RemoteError";
  /** The code of what the handler threw: its own `code`, or one of ours. */
  readonly remoteCode: string;
  readonly remoteMessage: string;
  /** The service that failed. */
  readonly service: string;

  static {
    markClass(this, MARK);
  }

  constructor(command: string, { code, message, service }: FailureData, messageId: string) {
    super("remote-failure", {
      what: `Service ${service} could not handle ${command} ${messageId}: ${withoutCode(message, code)} (${code}).`,
      advice: "The command is among that service's dead letters: cure the cause and replay it.",
      messageId,
    });
    this.remoteCode = code;
    this.remoteMessage = message;
    this.service = service;
  }
}

/** The text of an error of ours ends in its code already. */
function withoutCode(message: string, code: string): string {
  const end = ` [${code}]`;
  return (message.endsWith(end) ? message.slice(0, -end.length) : message).replace(/\.$/, "");
}
