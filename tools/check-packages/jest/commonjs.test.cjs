const { z } = require("zod");

test("a request is answered", async () => {
  const { command, createBus, service } = await import("@waybill/core");
  const Greet = command("greeter.greet", {
    data: z.object({ name: z.string() }),
    reply: z.object({ text: z.string() }),
  });
  const greeter = service("greeter").handle(Greet, ({ name }) => ({ text: `Hello, ${name}!` }));
  const bus = await createBus({ transport: "memory:", services: [greeter] });
  await bus.start();
  expect(await bus.request(Greet, { name: "world" })).toEqual({ text: "Hello, world!" });
  await bus.stop();
});
