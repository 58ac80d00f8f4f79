/** Classes with standard decorators, as TypeScript 5 compiles them without an option. They need no decorator of inversify. */
import { command, event } from "@waybill/core";
import { BUS, Handles, MESSENGER, On, busModule, serviceOf } from "@waybill/inversify";
import type { Messenger } from "@waybill/core";
import { Container } from "inversify";
import { z } from "zod";

const data = z.object({ n: z.number() });
const Double = command("math.double", { data, reply: z.object({ twice: z.number() }) });
const Doubled = event("math.doubled", { data });

abstract class Counting {
  static readonly seen: number[] = [];
  @On(Doubled)
  doubled({ n }: { n: number }): void {
    Counting.seen.push(n);
  }
}

class Calculator extends Counting {
  readonly #messenger: Messenger;
  constructor(messenger: Messenger) {
    super();
    this.#messenger = messenger;
  }

  @Handles(Double)
  async double({ n }: { n: number }): Promise<{ twice: number }> {
    await this.#messenger.publish(Doubled, { n });
    return { twice: n * 2 };
  }
}

const container = new Container();
container.bind(Calculator).toResolvedValue((messenger) => new Calculator(messenger), [MESSENGER]);
await container.loadAsync(
  busModule(container, { transport: "memory:", services: [serviceOf("math", [Calculator])] }),
);
const bus = container.get(BUS);
await bus.start();
const { twice } = await bus.request(Double, { n: 21 });
await bus.stop();
console.log(JSON.stringify({ twice, seen: Counting.seen }));
