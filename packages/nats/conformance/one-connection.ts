/** One connection from a process of its own, whose authorities are those that it was started with: `one-connection.ts URL`. */
import { systemEnvironment } from "@waybill/core/transport-kit";
import { natsTransport } from "../src/index.ts";

const transport = natsTransport({ url: process.argv[2] ?? "" }, systemEnvironment);
const outcome = await transport.connect(new AbortController().signal).then(
  () => "let in",
  () => "kept out",
);
await transport.close(Date.now());
console.log(outcome);
