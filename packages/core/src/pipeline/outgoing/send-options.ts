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

/** Checks the options of one call: their names, and the signal, which many would stumble over later. @throws MessagingError `invalid-option` */
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
    what: `The signal of a request of ${contract} is no AbortSignal.`,
    advice: "Give the signal of an AbortController, or leave it out; nothing was sent.",
  });
}

/** Known by what it does: it may be one of another realm, or of a library. */
function isSignal(signal: unknown): boolean {
  const { addEventListener, removeEventListener } = Object(signal) as Readonly<Record<string, unknown>>;
  return typeof addEventListener === "function" && typeof removeEventListener === "function";
}
