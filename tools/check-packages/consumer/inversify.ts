// The consumer fixture for a container, with the first lines that an application with Inversify needs.
import { command, type Bus } from "@waybill/core";
import { BUS, Handles, busModule, serviceOf } from "@waybill/inversify";
import { Container, inject, injectable } from "inversify";
import { z } from "zod";

const Weigh = command("shop.weigh", {
  data: z.object({ grams: z.number() }),
  reply: z.object({ kilos: z.number() }),
});

@injectable()
class Scales {
  readonly #divisor: number;
  constructor(@inject("divisor") divisor: number) {
    this.#divisor = divisor;
  }

  @Handles(Weigh)
  weigh({ grams }: { grams: number }): { kilos: number } {
    return { kilos: grams / this.#divisor };
  }
}

const container = new Container();
container.bind("divisor").toConstantValue(1000);
await container.loadAsync(
  busModule(container, { transport: "memory:", services: [serviceOf("scales", [Scales])] }),
);
const bus: Bus = container.get(BUS);
await bus.start();
const { kilos } = await bus.request(Weigh, { grams: 1500 });
await bus.stop();
if (kilos !== 1.5) throw new Error("wrong result");
