import { bearsMark, markClass, markOf } from "../../environment/marks.ts";
import { MessagingError, describeThrown } from "../../environment/messaging-error.ts";
import { environmentVariable, fileText } from "../../runtime/settings.ts";

const MARK = markOf("Secret");

/** A value that is read when a bus is created and never printed. As text, as JSON and in a console it shows only its origin. */
export class Secret {
  /** Where the value is read from, such as `environment WAYBILL_TRANSPORT` or `file /run/secrets/password`. */
  readonly origin: string;
  readonly #read: () => string;

  static {
    markClass(this, MARK);
  }

  constructor(origin: string, read: () => string) {
    this.origin = origin;
    this.#read = read;
    // console.log calls this method.
    Object.defineProperty(this, Symbol.for("nodejs.util.inspect.custom"), { value: () => this.toString() });
  }

  /** Reads the value again on each call. @throws MessagingError `invalid-option` when it is missing */
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

/** Returns the secret of the environment variable `name`; without it, of the file that the variable `<name>_FILE` names, as in containers. */
export function fromEnv(name: string): Secret {
  return new Secret(`environment ${name}`, () => {
    const value = lookUp(name);
    if (value !== undefined) return value;
    throw missingSecret(`Neither ${name} nor ${name}_FILE is set in the environment.`, `Set ${name}.`);
  });
}

/** Returns the secret of a file: its text without the line break at its end. */
export function fromFile(path: string): Secret {
  return new Secret(`file ${path}`, () => contentsOf(path));
}

/** Returns the value that {@link fromEnv} reads; undefined without one. @throws MessagingError `invalid-option` for a file that cannot be read */
export function lookUp(name: string): string | undefined {
  const value = environmentVariable(name);
  const path = environmentVariable(`${name}_FILE`);
  return value ?? (path === undefined ? undefined : contentsOf(path));
}

/** Returns whether a value is a secret, also of another copy of core in the process. */
export function isSecret(value: unknown): value is Secret {
  return bearsMark(value, MARK);
}

/** Returns a value with every secret in it replaced by its text, at any depth. @throws MessagingError `invalid-option` */
export function revealed(value: unknown): unknown {
  if (isSecret(value)) return value.reveal();
  if (Array.isArray(value)) return value.map(revealed);
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, revealed(each)]));
}

/** Returns whether a value is a plain object, not an instance of a class. */
export function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function contentsOf(path: string): string {
  try {
    return fileText(path);
  } catch (cause) {
    throw missingSecret(
      `The file ${path} cannot be read: ${describeThrown(cause)}.`,
      "Give the path of a file that holds the value.",
    );
  }
}

function missingSecret(what: string, advice: string): MessagingError {
  return new MessagingError("invalid-option", { what, advice });
}
