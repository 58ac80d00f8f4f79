import { invalidOption } from "./options.ts";
import { bytesOfFile } from "../../runtime/settings.ts";

/** Which URLs an adapter takes. */
export interface BrokerUrlForm {
  /** The broker's name, as people write it. */
  readonly broker: string;
  /** A URL to learn from. */
  readonly example: string;
  /** Each scheme with the port of a host that names none. */
  readonly schemes: Readonly<Record<string, number>>;
  /** The names of the query parameters there are. */
  readonly parameters: readonly string[];
  /** Whether something may stand behind the hosts. Default: no. */
  readonly hasPath?: boolean;
}

/** Where a connection goes. */
export interface BrokerAddress {
  readonly host: string;
  readonly port: number;
}

/**
 * An unescaped @ anywhere but behind the credentials is refused: a password that nobody escaped would be read as a
 * host, a path or a parameter, and connecting would send a part of it into the name service.
 */
const SHAPE = /^([a-z+]+):\/\/(?:([^:@/?#]*)(?::([^@/?#]*))?@)?([^@/?#]*)(?:\/([^@?#]*))?(?:\?([^@#]*))?$/;
const HOST = /^(\[[0-9A-Za-z.:%]+\]|[\p{L}\p{N}._-]+)(?::(\d{1,5}))?$/u;
const LAST_PORT = 65_535;

/**
 * For adapters: a URL that may name several hosts, which a URL of the platform cannot. Its errors are
 * MessagingErrors `invalid-option`. They quote no part of the URL but the names of the form's own parameters: in a
 * malformed URL any part may be a piece of a password.
 */
export class BrokerUrl {
  /** Returns a host and its port as they are written in a URL: `[::1]:5672`. */
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
        `A ${form.broker} URL looks like ${form.example}, this one does not. Percent-encode @ : / ? # and % in user name and password.`,
      );
    this.#form = form;
    this.#parameters = new Map(new URLSearchParams(query));
    for (const [at, name] of [...this.#parameters.keys()].entries())
      if (!form.parameters.includes(name))
        throw invalidOption(
          `Parameter number ${at + 1} of the ${form.broker} URL is unknown; there are ${form.parameters.join(", ")}.`,
        );
    this.scheme = scheme;
    this.addresses = hosts.split(",").map((host) => this.#addressOf(host, port));
    this.username = this.#unescaped(user);
    this.password = this.#unescaped(password);
    this.path = this.#unescaped(path);
  }

  text(parameter: string): string | undefined {
    return this.#parameters.get(parameter);
  }

  /** A whole number from 1. */
  count(parameter: string): number | undefined {
    return this.#number(parameter, /^\d+$/);
  }

  /** Any number above 0. */
  positive(parameter: string): number | undefined {
    return this.#number(parameter, /^\d+(\.\d+)?$/);
  }

  /** One of two words, the first for yes. */
  flag(parameter: string, [yes, no]: readonly [string, string]): boolean | undefined {
    const text = this.text(parameter);
    if (text === undefined) return undefined;
    if (text !== yes && text !== no) throw invalidOption(`The parameter ${parameter} is ${yes} or ${no}.`);
    return text === yes;
  }

  /** The bytes of the file that a parameter names. */
  file(parameter: string): Uint8Array | undefined {
    const path = this.text(parameter);
    if (path === undefined) return undefined;
    try {
      return bytesOfFile(path);
    } catch (error) {
      // The system's text has the path in it.
      throw invalidOption(`The file of the parameter ${parameter} cannot be read (${codeOf(error)}).`);
    }
  }

  #number(parameter: string, shape: RegExp): number | undefined {
    const text = this.text(parameter);
    if (text === undefined) return undefined;
    if (!shape.test(text) || Number(text) === 0)
      throw invalidOption(`The parameter ${parameter} is a positive number.`);
    return Number(text);
  }

  #addressOf(text: string, fallback: number): BrokerAddress {
    const [, host, port] = HOST.exec(text) ?? [];
    const number = port === undefined ? fallback : Number(port);
    if (host === undefined || number < 1 || number > LAST_PORT)
      throw invalidOption(
        `A ${this.#form.broker} URL names hosts, each with a port from 1 to ${LAST_PORT} or none. User name and password stand once, before all hosts.`,
      );
    return { host: host.replaceAll(/[[\]]/g, ""), port: number };
  }

  #unescaped(text: string | undefined): string | undefined {
    if (text === undefined || text === "") return undefined;
    try {
      return decodeURIComponent(text);
    } catch {
      throw invalidOption(
        `A ${this.#form.broker} URL has a percent sign that no two hexadecimal digits follow.`,
      );
    }
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown";
}
