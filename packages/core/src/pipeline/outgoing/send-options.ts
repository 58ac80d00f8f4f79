import { checkOptions, type OptionKinds } from "../../environment/check-options.ts";
import { MessagingError } from "../../environment/messaging-error.ts";
import type { RequestOptions, SendOptions } from "../messenger.ts";

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

/** Checks the names of the options of one call, and the signal. @throws MessagingError `invalid-option` */
export function checkSendOptions(
  verb: "send" | "publish" | "request",
  contract: string,
  given: unknown,
): void {
  if (given === undefined) return;
  if (verb === "request") checkRequestOptions(contract, given);
  else checkOptions(`${verb} of ${contract}`, given, SEND_KINDS);
}

function checkRequestOptions(contract: string, given: unknown): void {
  const { signal } = checkOptions<RequestOptions>(`request of ${contract}`, given, REQUEST_KINDS);
  if (signal === undefined || isSignal(signal)) return;
  throw new MessagingError("invalid-option", {
    what: `The option signal of a request of ${contract} is not an AbortSignal.`,
    advice: "Give the signal of an AbortController, or leave it out; nothing was sent.",
  });
}

/** Checks the methods, not the class: a library may have an AbortSignal of its own. */
function isSignal(signal: unknown): boolean {
  const { addEventListener, removeEventListener } = Object(signal) as Readonly<Record<string, unknown>>;
  return typeof addEventListener === "function" && typeof removeEventListener === "function";
}
