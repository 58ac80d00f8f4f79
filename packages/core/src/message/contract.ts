import { checkOptions, type OptionKinds } from "../environment/check-options.ts";
import { describeValue } from "../environment/describe-thrown.ts";
import { type Duration, toMilliseconds } from "../environment/duration.ts";
import { MessagingError } from "../environment/messaging-error.ts";
import type { Codec } from "./codec.ts";
import type { PlainFormat } from "./plain-format.ts";
import { checkName } from "./name.ts";
import type { InputOf, OutputOf, Schema } from "./schema.ts";

/** How CloudEvents are laid out: one JSON body, or the data's own bytes with the attributes in headers. */
export type ContentMode = "structured" | "binary";

/** What commands and events have in common. */
export interface ContractOptions<Data extends Schema> {
  /** Checked on both sides. What travels is the input; the handler gets the output. */
  readonly data: Data;
  /** What keeps its order: messages with equal keys are handled one after the other. Without it there is no order. */
  readonly key?: (data: OutputOf<Data>) => string;
  /** Over how many lanes keys are spread; needs `key` or `plain`. Sender and receiver must agree. Default 4. */
  readonly lanes?: number;
  /** The destination's name when it is not the contract's own: contracts that share one share its order. */
  readonly destination?: string;
  /** For data that is not JSON; implies binary mode. */
  readonly codec?: Codec;
  /** `structured` by default; `binary` for readers that want the bare data. */
  readonly mode?: ContentMode;
  /**
   * How many bytes a message may have, body and headers together; one that has more is refused at the sender, and is a dead
   * letter at the receiver, which does not read it. Default: what the broker takes.
   */
  readonly maxBytes?: number;
  /**
   * For a queue or topic that others write or read without an envelope: how its messages become data, and back. Such a
   * destination carries this contract alone, and its messages know no cause and no reply. Its keys are kept in order over
   * `lanes`, if given; on Kafka these are the topic's partitions.
   */
  readonly plain?: PlainFormat<InputOf<Data>>;
}

export interface CommandOptions<
  Data extends Schema,
  Reply extends Schema | undefined,
> extends ContractOptions<Data> {
  /** The schema of the reply; a command without it cannot be requested. */
  readonly reply?: Reply;
}

export interface EventOptions<Data extends Schema> extends ContractOptions<Data> {
  /** How long the broker keeps the history for groups that come later. */
  readonly retain?: Duration;
}

/** What is known of any contract, whatever its data. */
export interface ContractFacts {
  readonly kind: "command" | "event";
  /** The message type on the wire. */
  readonly name: string;
  /** The name of the destination. */
  readonly destination: string;
  readonly data: Schema;
  /** The number of lanes, or nothing for a contract without key. */
  readonly lanes: number | undefined;
  readonly codec: Codec | undefined;
  readonly mode: ContentMode;
  readonly plain: PlainFormat | undefined;
  /** What a message may have at most, body and headers together, or nothing. */
  readonly maxBytes: number | undefined;
  /** What answers a command, if anything does. */
  readonly reply: Schema | undefined;
  /** Milliseconds of an event's history that the broker keeps, or nothing. */
  readonly retainMs: number | undefined;
  /** The key of validated data; throws what the contract's own function throws. */
  readonly keyOf: ((data: unknown) => unknown) | undefined;
}

/** Tells one owner to act; may be answered. */
export interface Command<
  Data extends Schema = Schema,
  Reply extends Schema | undefined = Schema | undefined,
> extends ContractFacts {
  readonly kind: "command";
  readonly data: Data;
  readonly reply: Reply;
  readonly retainMs: undefined;
}

/** Records a fact for anyone. */
export interface Event<Data extends Schema = Schema> extends ContractFacts {
  readonly kind: "event";
  readonly data: Data;
  readonly reply: undefined;
}

export type Contract = Command | Event;

/** What the handler of a contract gets: `DataOf<typeof PlaceOrder>`. What a sender gives is `InputOf<typeof PlaceOrder.data>`. */
export type DataOf<Of extends Contract> = OutputOf<Of["data"]>;

/** What the handler of a command answers: `ReplyOf<typeof PlaceOrder>`; nothing where the command has no reply. */
export type ReplyOf<Of extends Contract> = Of["reply"] extends Schema ? InputOf<Of["reply"]> : void;

const KINDS: OptionKinds<ContractOptions<Schema>> = {
  data: "any",
  key: "any",
  lanes: "any",
  destination: "any",
  codec: "group",
  mode: ["structured", "binary"],
  plain: "group",
  maxBytes: "any",
};
const COMMAND_KINDS: OptionKinds<CommandOptions<Schema, Schema>> = { ...KINDS, reply: "any" };
const EVENT_KINDS: OptionKinds<EventOptions<Schema>> = { ...KINDS, retain: "any" };

const DEFAULT_LANES = 4;
const MOST_LANES = 256;

/**
 * Declares a command.
 * @throws MessagingError `invalid-name`, `invalid-contract`, `invalid-option`
 */
export function command<Data extends Schema, Reply extends Schema | undefined = undefined>(
  name: string,
  options: CommandOptions<Data, Reply>,
): Command<Data, Reply> {
  const facts = factsOf("command", name, checked("command", { name, options, kinds: COMMAND_KINDS }));
  const { data, reply } = options;
  if (reply !== undefined && options.plain !== undefined)
    throw invalid(
      `Command ${name} is plain and has a reply.`,
      "Leave one of them out: a plain message has no return address. Let the owner record its result as an event.",
    );
  if (reply !== undefined) requireSchema(reply, `The reply of command ${name}`);
  return Object.freeze({ ...facts, kind: "command", data, reply: reply as Reply, retainMs: undefined });
}

/**
 * Declares an event.
 * @throws MessagingError `invalid-name`, `invalid-contract`, `invalid-option`, `invalid-duration`
 */
export function event<Data extends Schema>(name: string, options: EventOptions<Data>): Event<Data> {
  const facts = factsOf("event", name, checked("event", { name, options, kinds: EVENT_KINDS }));
  const { data, retain } = options;
  const retainMs = retain === undefined ? undefined : toMilliseconds(retain, `retain of event ${name}`);
  if (retainMs === 0)
    throw invalid(`Event ${name} retains its history for no time.`, "Leave retain out, or give a duration.");
  return Object.freeze({ ...facts, kind: "event", data, reply: undefined, retainMs });
}

/** A contract is known by what it has: it may come from another copy of core. @throws MessagingError `invalid-option` */
export function checkContracts(given: readonly unknown[]): void {
  for (const [at, each] of given.entries()) {
    const { kind, name, destination, data } = Object(each) as Partial<Contract>;
    if ((kind === "command" || kind === "event") && [name, destination].every(isText) && data !== undefined)
      continue;
    throw new MessagingError("invalid-option", {
      what: `sends[${at}] is no contract.`,
      advice: "Give what command() or event() made.",
    });
  }
}

function isText(value: unknown): boolean {
  return typeof value === "string";
}

interface Declared<Options> {
  readonly name: string;
  readonly options: Options;
  readonly kinds: OptionKinds<ContractOptions<Schema>>;
}

/** What the types say, for callers without them and for options that come from a variable. */
function checked<Options extends ContractOptions<Schema>>(
  kind: string,
  { name, options, kinds }: Declared<Options>,
): Options {
  checkName(name, `a ${kind}`);
  return checkOptions(`${kind} ${name}`, options, kinds) as Options;
}

function factsOf(
  kind: string,
  name: string,
  options: ContractOptions<Schema>,
): Omit<ContractFacts, "kind" | "reply" | "retainMs"> {
  const { data, key, lanes, destination, codec, mode, plain, maxBytes } = options;
  requireSchema(data, `The data of ${kind} ${name}`);
  if (key !== undefined && typeof key !== "function")
    throw invalid(
      `The key of ${kind} ${name} is not a function.`,
      "Give a function from the data to a string.",
    );
  if (plain !== undefined && !hasFunctions(plain, ["read", "write"]))
    throw invalid(
      `The plain format of ${kind} ${name} lacks a function.`,
      "Give both: read, from a message to data, and write, from data to a message.",
    );
  if (codec !== undefined && !hasFunctions(codec, ["encode", "decode"]))
    throw invalid(
      `The codec of ${kind} ${name} lacks a function.`,
      "Give an object with contentType, encode and decode.",
    );
  if (plain !== undefined && [key, codec, mode].some((option) => option !== undefined))
    throw invalid(
      `${kind} ${name} is plain and has a key, a codec or a mode.`,
      "Leave them out: the plain format alone says what a message looks like.",
    );
  if (lanes !== undefined && key === undefined && plain === undefined)
    throw invalid(`${kind} ${name} has lanes but no key.`, "Add a key: lanes spread keys.");
  if (codec !== undefined && mode === "structured")
    throw invalid(
      `${kind} ${name} has a codec and structured mode, which is JSON.`,
      "Leave mode out, or say 'binary'.",
    );
  if (maxBytes !== undefined && !(Number.isInteger(maxBytes) && maxBytes >= 1))
    throw invalid(
      `The maxBytes of ${kind} ${name} are ${describeValue(maxBytes)}.`,
      "Give a whole number from 1.",
    );
  return {
    name,
    destination:
      destination === undefined ? name : checkName(destination, `the destination of ${kind} ${name}`),
    data,
    lanes: lanesOf(lanes === undefined && key !== undefined ? DEFAULT_LANES : lanes, `${kind} ${name}`),
    codec,
    mode: codec === undefined ? (mode ?? "structured") : "binary",
    plain,
    maxBytes,
    keyOf: key,
  };
}

function lanesOf(lanes: number | undefined, of: string): number | undefined {
  if (lanes === undefined) return undefined;
  if (Number.isInteger(lanes) && lanes >= 1 && lanes <= MOST_LANES) return lanes;
  throw invalid(
    `The lanes of ${of} are ${describeValue(lanes)}.`,
    `Give a whole number from 1 to ${MOST_LANES}.`,
  );
}

function hasFunctions<Name extends string>(
  of: Readonly<Record<Name, unknown>>,
  names: readonly Name[],
): boolean {
  return names.every((name) => typeof of[name] === "function");
}

function requireSchema(value: unknown, of: string): void {
  const isObject = (typeof value === "object" && value !== null) || typeof value === "function"; // arktype's are functions
  if (isObject && "~standard" in value) return;
  throw invalid(
    `${of} has no schema.`,
    "Give a schema of a Standard Schema library such as zod, valibot or arktype.",
  );
}

function invalid(what: string, advice: string): MessagingError {
  return new MessagingError("invalid-contract", { what, advice });
}
