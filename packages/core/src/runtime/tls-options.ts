import type { ConnectionOptions } from "node:tls";

/** The TLS options of a connection, as Node.js names them (`tls.connect`). */
export type TlsOptions = Pick<
  ConnectionOptions,
  "ca" | "cert" | "key" | "passphrase" | "servername" | "rejectUnauthorized"
>;
