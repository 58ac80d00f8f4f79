import {
  credsAuthenticator,
  nkeyAuthenticator,
  type Authenticator,
  type ConnectionOptions as ClientOptions,
} from "@nats-io/transport-node";
import type { Settings } from "../options.ts";

/** Returns the client's options, which are the same for all servers. */
export function clientOptions(settings: Settings): ClientOptions {
  const { username, password, token, tls, inboxPrefix, heartbeatMs, connectTimeoutMs } = settings;
  const authenticator = authenticatorOf(settings);
  return {
    name: "waybill",
    reconnect: false,
    inboxPrefix,
    timeout: connectTimeoutMs,
    pingInterval: heartbeatMs,
    maxPingOut: 2,
    // Otherwise each request makes two errors with stack traces in advance.
    noAsyncTraces: true,
    ...(username !== undefined && { user: username }),
    ...(password !== undefined && { pass: password }),
    ...(token !== undefined && { token }),
    ...(authenticator !== undefined && { authenticator }),
    ...(tls !== undefined && { tls: tls as NonNullable<ClientOptions["tls"]> }),
  };
}

function authenticatorOf({ credentials, nkeySeed }: Settings): Authenticator | undefined {
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  if (credentials !== undefined) return credsAuthenticator(bytes(credentials));
  return nkeySeed === undefined ? undefined : nkeyAuthenticator(bytes(nkeySeed));
}
