import { MessagingError } from "../ground/messaging-error.ts";

/** Major and minor. */
export type Version = readonly [major: number, minor: number];

/** What a server says of itself. */
export interface Greeting {
  readonly addresses: readonly string[];
  /** The broker it should be, as people write it. */
  readonly broker: string;
  /** The one it says it is; absent: the one it should be. */
  readonly product?: string | undefined;
  /** As in `4.0.5` or `2.15.0-RC.1`. */
  readonly version: unknown;
}

/**
 * For adapters: the version of a server. @throws MessagingError `connect-failed` for one that is older than `oldest`, has
 * none at all, or is another product that speaks the same protocol
 */
export function supported({ addresses, broker, product, version }: Greeting, oldest: Version): Version {
  const [, major, minor] = (typeof version === "string" && /^(\d+)\.(\d+)/.exec(version)) || [];
  const found: Version = [Number(major), Number(minor)];
  const isOther = product !== undefined && product.toLowerCase() !== broker.toLowerCase();
  if (isAtLeast(found, oldest) && !isOther) return found;
  const shown = typeof version === "string" ? version : "of an unknown version";
  throw new MessagingError("connect-failed", {
    what: `The server at ${addresses.join(", ")} is ${product ?? broker} ${shown}, not ${broker} ${oldest.join(".")} or newer.`,
    advice: isOther ? `Name the address of a ${broker} server.` : "Update it.",
    isRetriable: false,
  });
}

export function isAtLeast([major, minor]: Version, [otherMajor, otherMinor]: Version): boolean {
  return major > otherMajor || (major === otherMajor && minor >= otherMinor);
}
