/** Connects once: `one-connection.ts URL`. A process of its own, because Node reads the extra certificate authorities only at start. */
import { systemEnvironment } from "@waybill/core/transport-kit";
import { natsTransport } from "../src/index.ts";

const transport = natsTransport({ url: process.argv[2] ?? "" }, systemEnvironment);
const outcome = await transport.connect(new AbortController().signal).then(
  () => "accepted",
  () => "refused",
);
await transport.close(Date.now());
console.log(outcome);
