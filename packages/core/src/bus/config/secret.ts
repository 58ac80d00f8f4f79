import { bearsMark, markClass, markOf } from "../../environment/marks.ts";
import { MessagingError, describeThrown } from "../../environment/messaging-error.ts";
import { environmentVariable, fileText } from "../../runtime/settings.ts";

const MARK = markOf("Secret");

/** A value that is read when a bus is made and never printed: as text, as JSON and in a console it only says where it comes from. */
export class Secret {
  /** For people: `environment WAYBILL_TRANSPORT`, `file /run/secrets/password`. */
  readonly origin: string;
  readonly #read: () => string;

  static {
    markClass(this, MARK);
  }

  constructor(origin: string, read: () => string) {
    this.origin = origin;
    this.#read = read;
    // What console.log asks for.
    Object.defineProperty(this, Symbol.for("nodejs.util.inspect.custom"), { value: () => this.toString() });
  }

  /** Reads it, each time anew. @throws MessagingError `invalid-option` when it is not there */
  reveal(): string {
    return this.#read();
  }

  toString(): string {
    return `[secret from ${this.origin}]`;
  }

  toJSON(): string {
    return this.toString();
  }
}

/** The environment variable `name`; where there is none, the text of the file that `<name>_FILE` names, as containers have it. */
export function fromEnv(name: string): Secret {
  return new Secret(`environment ${name}`, () => {
    const value = lookUp(name);
    if (value !== undefined) return value;
    throw missing(`Neither ${name} nor ${name}_FILE is set in the environment.`, `Set ${name}.`);
  });
}

/** The text of a file, without the line break at its end. */
export function fromFile(path: string): Secret {
  return new Secret(`file ${path}`, () => contentsOf(path));
}

/** The same as {@link fromEnv} reads, or nothing. @throws MessagingError `invalid-option` for a file that cannot be read */
export function lookUp(name: string): string | undefined {
  const value = environmentVariable(name);
  const path = environmentVariable(`${name}_FILE`);
  return value ?? (path === undefined ? undefined : contentsOf(path));
}

/** Whether a value is a secret, of this copy of core or of another one in the process. */
export function isSecret(value: unknown): value is Secret {
  return bearsMark(value, MARK);
}

/** A value with every secret in it read: in objects and lists, however deep. @throws MessagingError `invalid-option` */
export function revealed(value: unknown): unknown {
  if (isSecret(value)) return value.reveal();
  if (Array.isArray(value)) return value.map(revealed);
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, revealed(each)]));
}

/** An object as `{}` makes it: not a secret, not a class's. */
export function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function contentsOf(path: string): string {
  try {
    return fileText(path);
  } catch (cause) {
    throw missing(
      `The file ${path} cannot be read: ${describeThrown(cause)}.`,
      "Give a file with the value.",
    );
  }
}

function missing(what: string, advice: string): MessagingError {
  return new MessagingError("invalid-option", { what, advice });
}
