import { checkOptions, type OptionKinds } from "../ground/check-options.ts";
import type { RequestOptions, SendOptions } from "./messenger.ts";

const SEND_KINDS: OptionKinds<SendOptions> = {
  delay: "any",
  deliverAt: "any",
  correlationId: "text",
  extensions: "group",
};

const REQUEST_KINDS: OptionKinds<RequestOptions> = {
  correlationId: "text",
  extensions: "group",
  timeout: "any",
  signal: "any",
};

/** Checks the names of the options of one call. @throws MessagingError `invalid-option` */
export function checkSendOptions(
  verb: "send" | "publish" | "request",
  contract: string,
  given: unknown,
): void {
  if (given === undefined) return;
  if (verb === "request") checkOptions(`request of ${contract}`, given, REQUEST_KINDS);
  else checkOptions(`${verb} of ${contract}`, given, SEND_KINDS);
}
