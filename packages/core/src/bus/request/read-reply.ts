import type { Clock } from "../../environment/clock.ts";
import type { Command } from "../../message/contract.ts";
import type { Envelope } from "../../message/envelope.ts";
import type { MaybePromise } from "../../pipeline/maybe-promise.ts";
import { checkData, type Refusal } from "../../pipeline/outgoing/check-data.ts";
import { FAILURE_TYPE, replyType, type FailureData } from "../../pipeline/route.ts";
import { RemoteError } from "./remote-error.ts";
import { invalidReply } from "./request-errors.ts";

/**
 * Returns the data of a reply, validated: the output of the contract's reply schema.
 * @throws RemoteError when the reply reports a failure; MessagingError `invalid-reply`
 */
export function readReply(contract: Command, reply: Envelope, clock: Clock): MaybePromise<unknown> {
  if (reply.type === FAILURE_TYPE)
    throw new RemoteError(contract.name, failureOf(reply), reply.causationId ?? reply.id);
  const expected = replyType(contract.name);
  if (reply.type !== expected)
    throw invalidReply(contract, reply, {
      issues: `its type is ${reply.type}, not ${expected}`,
      cause: undefined,
    });
  const { reply: schema } = contract;
  const refuse: Refusal = (issues, cause) => invalidReply(contract, reply, { issues, cause });
  return schema && checkData(schema, reply.data, { refuse, clock });
}

/** Returns the failure that a reply reports. Any process may have written it, so each part may be missing. */
function failureOf({ data }: Envelope): FailureData {
  const facts: object = typeof data === "object" && data !== null ? data : {};
  const text = (name: keyof FailureData): string => {
    const value: unknown = Reflect.get(facts, name);
    return typeof value === "string" ? value : "unknown";
  };
  return { code: text("code"), message: text("message"), service: text("service") };
}
