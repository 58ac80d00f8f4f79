import { describeThrown } from "../ground/messaging-error.ts";
import { invalidOption } from "./options.ts";
import { bytesOfFile } from "../runtime/settings.ts";

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

const SHAPE = /^([a-z+]+):\/\/(?:([^:@/]*)(?::([^@/]*))?@)?([^/?#]*)(?:\/([^?#]*))?(?:\?([^#]*))?$/;
const HOST = /^(\[[^\]]+\]|[^:[\]\s]+)(?::(\d{1,5}))?$/;

/**
 * For adapters: a URL that may name several hosts, which a URL of the platform cannot. No error shows what may be secret.
 * All it has throws MessagingError `invalid-option`.
 */
export class BrokerUrl {
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
      throw invalidOption(`A ${form.broker} URL looks like ${form.example}, this one does not.`);
    this.#form = form;
    this.#parameters = new Map(new URLSearchParams(query));
    for (const name of this.#parameters.keys())
      if (!form.parameters.includes(name))
        throw invalidOption(
          `A ${form.broker} URL has no parameter ${name}; there are ${form.parameters.join(", ")}.`,
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
    if (text !== yes && text !== no)
      throw invalidOption(`The parameter ${parameter} is ${yes} or ${no}, not ${text}.`);
    return text === yes;
  }

  /** The bytes of the file that a parameter names. */
  file(parameter: string): Uint8Array | undefined {
    const path = this.text(parameter);
    if (path === undefined) return undefined;
    try {
      return bytesOfFile(path);
    } catch (error) {
      throw invalidOption(`The file of the parameter ${parameter} cannot be read: ${describeThrown(error)}.`);
    }
  }

  #number(parameter: string, shape: RegExp): number | undefined {
    const text = this.text(parameter);
    if (text === undefined) return undefined;
    if (!shape.test(text) || Number(text) === 0)
      throw invalidOption(`The parameter ${parameter} is a positive number, not ${text}.`);
    return Number(text);
  }

  #addressOf(text: string, fallback: number): BrokerAddress {
    const [, host, port] = HOST.exec(text) ?? [];
    if (host === undefined)
      throw invalidOption(`A ${this.#form.broker} URL names hosts, ${JSON.stringify(text)} is none.`);
    return { host: host.replaceAll(/[[\]]/g, ""), port: port === undefined ? fallback : Number(port) };
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

/** A host and its port, as people write them. */
export function shownAddress({ host, port }: BrokerAddress): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
