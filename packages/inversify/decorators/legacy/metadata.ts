/**
 * Classes with legacy decorators and `emitDecoratorMetadata`: inversify reads the dependencies of a class from the
 * types of its constructor's parameters.
 */
import { command, type HandlerContext } from "@waybill/core";
import { BUS, Handles, busModule, serviceOf } from "@waybill/inversify";
import { Container, injectable } from "inversify";
import { z } from "zod";

const Double = command("math.double", {
  data: z.object({ n: z.number() }),
  reply: z.object({ twice: z.number() }),
});

@injectable()
class Factor {
  readonly value = 2;
}

@injectable()
class Calculator {
  readonly #factor: Factor;
  constructor(factor: Factor) {
    this.#factor = factor;
  }

  @Handles(Double)
  double({ n }: { n: number }, _context: HandlerContext): { twice: number } {
    return { twice: n * this.#factor.value };
  }
}

const container = new Container();
container.bind(Factor).toSelf();
await container.loadAsync(
  busModule(container, { transport: "memory:", services: [serviceOf("math", [Calculator])] }),
);
const bus = container.get(BUS);
await bus.start();
console.log(JSON.stringify(await bus.request(Double, { n: 21 })));
await bus.stop();
