import type { ContractFacts, Contract } from "../message/contract.ts";
import type { Schema } from "../message/schema.ts";
import type { Destination } from "../spi/destination.ts";

/** The destination and the encoding of messages: computed once for each contract and for each reply. */
export interface Route extends Pick<
  ContractFacts,
  "lanes" | "keyOf" | "mode" | "codec" | "plain" | "maxBytes"
> {
  readonly contract: Contract;
  /** The message type on the wire. */
  readonly type: string;
  /** Validates the data; undefined for a failure, which Waybill creates. */
  readonly schema: Schema | undefined;
  readonly destination: Destination;
}

export function contractRoute(contract: Contract): Route {
  const { name, destination, data, lanes, keyOf, mode, codec, plain, maxBytes } = contract;
  const kind = contract.kind === "command" ? "queue" : "topic";
  return {
    contract,
    type: name,
    schema: data,
    destination: { kind, name: destination },
    lanes,
    keyOf,
    mode,
    codec,
    plain,
    maxBytes,
  };
}

/** Returns the type of the reply to a command. */
export const replyType = (command: string): string => `${command}.reply`;
/** The type of the failure that a requester gets instead of a reply. */
export const FAILURE_TYPE = "waybill.failure";
/** The data of a failure: the error of the handler, as text. */
export interface FailureData {
  readonly code: string;
  readonly message: string;
  readonly service: string;
}

export function replyRoute(contract: Contract, address: string): Route {
  return { contract, type: replyType(contract.name), schema: contract.reply, ...answer(address) };
}

export function failureRoute(contract: Contract, address: string): Route {
  return { contract, type: FAILURE_TYPE, schema: undefined, ...answer(address) };
}

function answer(address: string): Omit<Route, "contract" | "type" | "schema"> {
  const destination: Destination = { kind: "reply", address };
  return {
    destination,
    lanes: undefined,
    keyOf: undefined,
    mode: "structured",
    codec: undefined,
    plain: undefined,
    maxBytes: undefined,
  };
}
