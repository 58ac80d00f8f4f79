import { MessagingError } from "../../environment/messaging-error.ts";

/** A server as it introduces itself. */
export interface Greeting {
  readonly addresses: readonly string[];
  /** The expected broker, as people write it. */
  readonly broker: string;
  /** The product that the server names. Absent: the expected broker. */
  readonly product?: string | undefined;
  /** Such as `4.0.5` or `2.15.0-RC.1`. */
  readonly version: unknown;
}

/** For adapters: the version of a server. */
export class ServerVersion {
  readonly major: number;
  readonly minor: number;

  constructor(major: number, minor: number) {
    this.major = major;
    this.minor = minor;
  }

  /**
   * Returns the version of a server.
   * @throws MessagingError `connect-failed` if it is older than `oldest`, has no version, or is another product that
   * speaks the same protocol
   */
  static of({ addresses, broker, product, version }: Greeting, oldest: ServerVersion): ServerVersion {
    const [, major, minor] = (typeof version === "string" && /^(\d+)\.(\d+)/.exec(version)) || [];
    const found = new ServerVersion(Number(major), Number(minor));
    const isOther = product !== undefined && product.toLowerCase() !== broker.toLowerCase();
    if (found.isAtLeast(oldest.major, oldest.minor) && !isOther) return found;
    const shown = typeof version === "string" ? version : "of an unknown version";
    throw new MessagingError("connect-failed", {
      what: `The server at ${addresses.join(", ")} is ${product ?? broker} ${shown}, not ${broker} ${oldest.text} or newer.`,
      advice: isOther ? `Name the address of a ${broker} server.` : "Update the server.",
      isRetriable: false,
    });
  }

  /** Such as `4.0`. */
  get text(): string {
    return `${this.major}.${this.minor}`;
  }

  isAtLeast(major: number, minor: number): boolean {
    return this.major > major || (this.major === major && this.minor >= minor);
  }
}
