import { describeThrown } from "@waybill/core/transport-kit";
import type { SaslBearer, SaslOptions } from "../../options.ts";
import { bearerRequest, type Authenticator, type Mechanism } from "./kafkajs.ts";

/** The client's answer to a refusal; the broker then ends the exchange (RFC 7628, section 3.2.3). */
const ERROR_ACKNOWLEDGED = Buffer.from([0, 0, 0, 1, 1]);
const SIZE_BYTES = 4;

/** Returns the credentials as kafkajs takes them: a copy for each connection, because kafkajs writes into it. */
export function saslFor(sasl: SaslOptions): SaslOptions | Mechanism {
  return sasl.mechanism === "oauthbearer" ? bearer(sasl) : { ...sasl };
}

/**
 * A broker that refuses a token answers with the reason instead of an error code. The implementation of kafkajs ignores
 * that answer and continues on a connection that is not authenticated; this one throws.
 */
function bearer(options: SaslBearer): Mechanism {
  return {
    mechanism: options.mechanism,
    authenticationProvider: ({ saslAuthenticate }): Authenticator => ({
      async authenticate() {
        try {
          const request = await bearerRequest(options, await options.oauthBearerProvider());
          const reason = await saslAuthenticate({ request, response: BYTES });
          if (reason === undefined || reason.length === 0) return;
          await saslAuthenticate({ request: { encode: () => ERROR_ACKNOWLEDGED }, response: BYTES });
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
