// #region app
import { command, createBus, service } from "@waybill/core";
import { z } from "zod";

// A contract: what may be said, shared by both sides.
const Greet = command("greeter.greet", {
  data: z.object({ name: z.string().min(1) }),
  reply: z.object({ text: z.string() }),
});

// A service: the one owner of its commands.
const greeter = service("greeter").handle(Greet, ({ name }) => ({ text: `Hello, ${name}!` }));

// A bus: runs services and sends messages. Another broker is another string.
const bus = await createBus({
  transport: process.env["WAYBILL_TRANSPORT"] ?? "memory:",
  services: [greeter],
});
await bus.start();
const { text } = await bus.request(Greet, { name: "world" });
console.log(text);
await bus.stop();
// #endregion app
