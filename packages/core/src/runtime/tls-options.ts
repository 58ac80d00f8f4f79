import type { ConnectionOptions } from "node:tls";

/** What there is to say about TLS, in the platform's own words (Node.js, `tls.connect`). */
export type TlsOptions = Pick<
  ConnectionOptions,
  "ca" | "cert" | "key" | "passphrase" | "servername" | "rejectUnauthorized"
>;
