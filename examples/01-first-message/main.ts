// #region app
import { command, createBus, service } from "@waybill/core";
import { z } from "zod";

// A contract: the schema of a command and of its reply, shared by both sides.
const Greet = command("greeter.greet", {
  data: z.object({ name: z.string().min(1) }),
  reply: z.object({ text: z.string() }),
});

// A service: a set of handlers, and the one owner of its commands.
const greeter = service("greeter").handle(Greet, ({ name }) => ({ text: `Hello, ${name}!` }));

// A bus: runs services and sends messages. Another URL selects another broker.
const bus = await createBus({
  transport: process.env["WAYBILL_TRANSPORT"] ?? "memory:",
  services: [greeter],
});
await bus.start();
const { text } = await bus.request(Greet, { name: "world" });
console.log(text);
await bus.stop();
// #endregion app
