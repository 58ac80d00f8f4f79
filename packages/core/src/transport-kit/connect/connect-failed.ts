import { describeThrown } from "../../environment/describe-thrown.ts";
import { MessagingError } from "../../environment/messaging-error.ts";

/** One kind of failure that an adapter recognises by its text. */
export interface ConnectAdvice {
  readonly pattern: RegExp;
  /** A sentence for the operator. */
  readonly advice: string;
  /** Whether another attempt would fail in the same way. */
  readonly isFinal?: true;
}

/** The failures of network and TLS, which read alike with every client. They follow the rows of the broker. */
const SHARED: readonly ConnectAdvice[] = [
  {
    pattern: /altnames/i,
    advice:
      "Check the certificates: connect to the broker by a name or an address that its certificate contains.",
    isFinal: true,
  },
  {
    pattern: /certificate|self.signed|wrong version number/i,
    advice: "Check the certificates, and that the port speaks TLS.",
    isFinal: true,
  },
  { pattern: /TLS|SSL/i, advice: "Check the certificates, and that the port speaks TLS." },
  {
    pattern: /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ETIMEDOUT|timeout|refused/i,
    advice: "Check host and port, and that the broker runs.",
  },
  {
    // A server that misses a client's certificate, or a login, often closes the connection without a reason.
    pattern: /ECONNRESET|EPIPE|closed/i,
    advice:
      "The server closed the connection: check that the port is the broker's own, whether it expects TLS, a login or a client's certificate, and what its log says.",
  },
];

/** An attempt to connect that failed. */
export interface FailedAttempt {
  /** The broker's name, as people write it. */
  readonly broker: string;
  /** Without credentials. */
  readonly addresses: readonly string[];
  readonly cause: unknown;
  /** The reason, where the adapter knows better than the text of the cause. */
  readonly reason?: string;
  /** Whether the adapter knows that another attempt would fail in the same way. Default: the rows decide. */
  readonly isFinal?: boolean;
}

/**
 * For adapters: returns the error of an attempt to connect. The first row whose pattern matches the reason gives the
 * advice; the failure is final when any matching row is. The text names the addresses and no other part of the URL.
 */
export function connectFailed(attempt: FailedAttempt, rows: readonly ConnectAdvice[]): MessagingError {
  const { broker, addresses, cause, reason = describeThrown(cause), isFinal = false } = attempt;
  const matching = [...rows, ...SHARED].filter(({ pattern }) => pattern.test(reason));
  return new MessagingError("connect-failed", {
    what: `${broker} at ${addresses.join(", ")} cannot be reached: ${reason}.`,
    advice: matching[0]?.advice ?? "Check the URL, and what the broker's log says.",
    isRetriable: !isFinal && !matching.some((row) => row.isFinal === true),
    cause,
  });
}
