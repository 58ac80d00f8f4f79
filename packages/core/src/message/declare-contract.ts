import { checkOptions, type OptionKinds } from "../environment/check-options.ts";
import { describeValue } from "../environment/describe-thrown.ts";
import { toMilliseconds } from "../environment/duration.ts";
import { MessagingError } from "../environment/messaging-error.ts";
import type {
  Command,
  CommandOptions,
  Contract,
  ContractFacts,
  ContractOptions,
  Event,
  EventOptions,
} from "./contract.ts";
import { checkName } from "./name.ts";
import type { Schema } from "./schema.ts";

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
    throw invalidContract(
      `Command ${name} has a plain format and a reply.`,
      "Leave one of them out: a plain message has no return address. Let the owner publish its result as an event.",
    );
  if (reply !== undefined) checkSchema(reply, `The reply of command ${name}`);
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
    throw invalidContract(
      `Event ${name} retains its history for 0 ms.`,
      "Leave retain out, or give a longer duration.",
    );
  return Object.freeze({ ...facts, kind: "event", data, reply: undefined, retainMs });
}

/**
 * Checks that values are contracts. It checks the properties, not the class: another copy of core may have created
 * the contract.
 * @throws MessagingError `invalid-option`
 */
export function checkContracts(given: readonly unknown[]): void {
  for (const [at, each] of given.entries()) {
    const { kind, name, destination, data } = Object(each) as Partial<Contract>;
    if ((kind === "command" || kind === "event") && [name, destination].every(isText) && data !== undefined)
      continue;
    throw new MessagingError("invalid-option", {
      what: `sends[${at}] is not a contract.`,
      advice: "Give a contract that command() or event() returned.",
    });
  }
}

function isText(value: unknown): boolean {
  return typeof value === "string";
}

/** A contract as it is declared. */
interface Declaration<Options> {
  readonly name: string;
  readonly options: Options;
  readonly kinds: OptionKinds<ContractOptions<Schema>>;
}

/**
 * Checks name and options at run time, for JavaScript callers and for options whose type the compiler did not check.
 */
function checked<Options extends ContractOptions<Schema>>(
  kind: string,
  { name, options, kinds }: Declaration<Options>,
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
  checkSchema(data, `The data of ${kind} ${name}`);
  if (key !== undefined && typeof key !== "function")
    throw invalidContract(
      `The key of ${kind} ${name} is not a function.`,
      "Give a function from the data to a string.",
    );
  if (plain !== undefined && !hasFunctions(plain, ["read", "write"]))
    throw invalidContract(
      `The plain format of ${kind} ${name} lacks a function.`,
      "Give two functions: read, from a message to data, and write, from data to a message.",
    );
  if (codec !== undefined && !hasFunctions(codec, ["encode", "decode"]))
    throw invalidContract(
      `The codec of ${kind} ${name} lacks a function.`,
      "Give an object with contentType, encode and decode.",
    );
  if (plain !== undefined && [key, codec, mode].some((option) => option !== undefined))
    throw invalidContract(
      `${capitalized(kind)} ${name} has a plain format and a key, a codec or a mode.`,
      "Leave key, codec and mode out: the plain format alone defines the form of a message.",
    );
  if (lanes !== undefined && key === undefined && plain === undefined)
    throw invalidContract(
      `${capitalized(kind)} ${name} has lanes but no key.`,
      "Add a key: keys are distributed over lanes.",
    );
  if (codec !== undefined && mode === "structured")
    throw invalidContract(
      `${capitalized(kind)} ${name} has a codec and structured mode, which is JSON.`,
      "Leave mode out, or set it to 'binary'.",
    );
  if (maxBytes !== undefined && !(Number.isInteger(maxBytes) && maxBytes >= 1))
    throw invalidContract(
      `maxBytes of ${kind} ${name} is ${describeValue(maxBytes)}.`,
      "Give a whole number from 1.",
    );
  return {
    name,
    destination:
      destination === undefined ? name : checkName(destination, `the destination of ${kind} ${name}`),
    data,
    lanes: checkLanes(lanes === undefined && key !== undefined ? DEFAULT_LANES : lanes, `${kind} ${name}`),
    codec,
    mode: codec === undefined ? (mode ?? "structured") : "binary",
    plain,
    maxBytes,
    keyOf: key,
  };
}

function checkLanes(lanes: number | undefined, of: string): number | undefined {
  if (lanes === undefined) return undefined;
  if (Number.isInteger(lanes) && lanes >= 1 && lanes <= MOST_LANES) return lanes;
  throw invalidContract(
    `lanes of ${of} is ${describeValue(lanes)}.`,
    `Give a whole number from 1 to ${MOST_LANES}.`,
  );
}

function hasFunctions<Name extends string>(
  of: Readonly<Record<Name, unknown>>,
  names: readonly Name[],
): boolean {
  return names.every((name) => typeof of[name] === "function");
}

function checkSchema(value: unknown, of: string): void {
  const isObject = (typeof value === "object" && value !== null) || typeof value === "function"; // schemas of arktype are functions
  if (isObject && "~standard" in value) return;
  throw invalidContract(
    `${of} has no schema.`,
    "Give a schema of a Standard Schema library such as zod, valibot or arktype.",
  );
}

function invalidContract(what: string, advice: string): MessagingError {
  return new MessagingError("invalid-contract", { what, advice });
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
