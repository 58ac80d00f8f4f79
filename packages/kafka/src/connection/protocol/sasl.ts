import type { Authenticator, Mechanism, SASLOptions } from "kafkajs";
import { describeThrown } from "@waybill/core/transport-kit";
import { bearerRequest } from "./kafkajs.ts";

type Bearer = Extract<SASLOptions, { readonly mechanism: "oauthbearer" }>;

/** A byte that asks for the reason of a refusal (RFC 7628, section 3.2.3). */
const WHY = Buffer.from([0, 0, 0, 1, 1]);
const SIZE_BYTES = 4;

/** What kafkajs is told, anew for each connection: it keeps things of its own in it. */
export function saslFor(sasl: SASLOptions): SASLOptions | Mechanism {
  return sasl.mechanism === "oauthbearer" ? bearer(sasl) : { ...sasl };
}

/**
 * A token that the broker does not take comes back with the reason, and not as an error; kafkajs does not look at it, and
 * would go on with a connection that answers everything with nothing.
 */
function bearer(options: Bearer): Mechanism {
  return {
    mechanism: options.mechanism,
    authenticationProvider: ({ saslAuthenticate }): Authenticator => ({
      async authenticate() {
        try {
          const request = await bearerRequest(options, await options.oauthBearerProvider());
          const reason = await saslAuthenticate({ request, response: BYTES });
          if (reason === undefined || reason.length === 0) return;
          await saslAuthenticate({ request: { encode: () => WHY }, response: BYTES });
          throw new Error(reason.toString());
        } catch (cause) {
          throw new Error(`SASL oauthbearer authentication failed: ${describeThrown(cause)}`, { cause });
        }
      },
    }),
  };
}

const BYTES = {
  decode: (raw: Buffer): Buffer => raw.subarray(SIZE_BYTES),
  parse: (bytes: Buffer): Buffer => bytes,
};
