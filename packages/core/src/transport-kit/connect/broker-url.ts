import { MessagingError } from "../../environment/messaging-error.ts";
import { bytesOfFile } from "../../runtime/settings.ts";

/** The form of the URLs of one adapter. */
export interface BrokerUrlForm {
  /** The broker's name, as people write it. */
  readonly broker: string;
  /** A complete URL, for errors. */
  readonly example: string;
  /** The schemes, each with its default port. */
  readonly schemes: Readonly<Record<string, number>>;
  /** The names of the query parameters. */
  readonly parameters: readonly string[];
  /** Whether a path may follow the hosts. Default: no. */
  readonly hasPath?: boolean;
}

/** The address of one server. */
export interface BrokerAddress {
  readonly host: string;
  readonly port: number;
}

/**
 * Allows an unescaped @ after the credentials only. Otherwise an unescaped password would be read as a host, a path or a
 * parameter, and connecting would send a part of it to the name service.
 */
const SHAPE = /^([a-z+]+):\/\/(?:([^:@/?#]*)(?::([^@/?#]*))?@)?([^@/?#]*)(?:\/([^@?#]*))?(?:\?([^@#]*))?$/;
const HOST = /^(\[[0-9A-Za-z.:%]+\]|[\p{L}\p{N}._-]+)(?::(\d{1,5}))?$/u;
const LAST_PORT = 65_535;

/**
 * For adapters: a URL that may name several hosts, which the platform's class `URL` does not allow. Its errors are
 * MessagingErrors `invalid-option`. They quote only the names of the form's own parameters from the URL, because any
 * part of a malformed URL may be a piece of a password.
 */
export class BrokerUrl {
  /** Returns an address as it is written in a URL, such as `[::1]:5672`. */
  static shown({ host, port }: BrokerAddress): string {
    return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
  }

  readonly scheme: string;
  /** At least one. */
  readonly addresses: readonly BrokerAddress[];
  /** Credentials and path, unescaped; absent when empty. */
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly path: string | undefined;
  readonly #form: BrokerUrlForm;
  readonly #parameters: ReadonlyMap<string, string>;

  constructor(url: string, form: BrokerUrlForm) {
    const [, scheme = "", user, password, hosts = "", path = "", query = ""] = SHAPE.exec(url) ?? [];
    const port = Object.hasOwn(form.schemes, scheme) ? form.schemes[scheme] : undefined;
    if (port === undefined || (path !== "" && form.hasPath !== true))
      throw invalidOption(
        `The ${form.broker} URL is not of the form ${form.example}. Percent-encode @ : / ? # and % in user name and password.`,
      );
    this.#form = form;
    this.#parameters = new Map(new URLSearchParams(query));
    for (const [at, name] of [...this.#parameters.keys()].entries())
      if (!form.parameters.includes(name))
        throw invalidOption(
          `Parameter number ${at + 1} of the ${form.broker} URL is unknown. Known parameters: ${form.parameters.join(", ")}.`,
        );
    this.scheme = scheme;
    this.addresses = hosts.split(",").map((host) => this.#addressOf(host, port));
    this.username = this.#unescaped(user);
    this.password = this.#unescaped(password);
    this.path = this.#unescaped(path);
  }

  /** Returns the text of a parameter; undefined when the URL does not have it. */
  text(parameter: string): string | undefined {
    return this.#parameters.get(parameter);
  }

  /** Returns a parameter that is a whole number from 1. */
  count(parameter: string): number | undefined {
    return this.#number(parameter, /^\d+$/);
  }

  /** Returns a parameter that is a number above 0. */
  positive(parameter: string): number | undefined {
    return this.#number(parameter, /^\d+(\.\d+)?$/);
  }

  /** Returns whether a parameter has the first of two words; the second one means no. */
  flag(parameter: string, [yes, no]: readonly [string, string]): boolean | undefined {
    const text = this.text(parameter);
    if (text === undefined) return undefined;
    if (text !== yes && text !== no)
      throw invalidOption(`The parameter ${parameter} must be ${yes} or ${no}.`);
    return text === yes;
  }

  /** Returns the bytes of the file that a parameter names. */
  file(parameter: string): Uint8Array | undefined {
    const path = this.text(parameter);
    if (path === undefined) return undefined;
    try {
      return bytesOfFile(path);
    } catch (error) {
      // The system's text contains the path.
      throw invalidOption(`The file of the parameter ${parameter} cannot be read (${codeOf(error)}).`);
    }
  }

  #number(parameter: string, shape: RegExp): number | undefined {
    const text = this.text(parameter);
    if (text === undefined) return undefined;
    if (!shape.test(text) || Number(text) === 0)
      throw invalidOption(`The parameter ${parameter} must be a positive number.`);
    return Number(text);
  }

  #addressOf(text: string, fallback: number): BrokerAddress {
    const [, host, port] = HOST.exec(text) ?? [];
    const number = port === undefined ? fallback : Number(port);
    if (host === undefined || number < 1 || number > LAST_PORT)
      throw invalidOption(
        `The hosts of the ${this.#form.broker} URL are malformed. Separate hosts by commas, each alone or with a port from 1 to ${LAST_PORT}; write user name and password once, before all hosts.`,
      );
    return { host: host.replaceAll(/[[\]]/g, ""), port: number };
  }

  #unescaped(text: string | undefined): string | undefined {
    if (text === undefined || text === "") return undefined;
    try {
      return decodeURIComponent(text);
    } catch {
      throw invalidOption(
        `The ${this.#form.broker} URL has a percent sign without two hexadecimal digits after it.`,
      );
    }
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown";
}

/** For adapters: returns the error of an option, or a part of a URL, that cannot be used. */
export function invalidOption(what: string): MessagingError {
  return new MessagingError("invalid-option", { what, advice: "Correct the transport's URL or options." });
}
