/** Uses that must compile and uses that must not, with legacy decorators here and with standard ones by decorators/tsconfig.json. */
import { command, event, type HandlerContext } from "@waybill/core";
import { Handles, On } from "./decorators.ts";
import { z } from "zod";

const data = z.object({ n: z.number() });
const Double = command("math.double", { data, reply: z.object({ twice: z.number() }) });
const Doubled = event("math.doubled", { data });

/** Right uses. */
export class Right {
  readonly factor = 2;
  @Handles(Double)
  async double({ n }: { n: number }, { publish }: HandlerContext): Promise<{ twice: number }> {
    await publish(Doubled, { n });
    return { twice: n * this.factor };
  }

  @Handles(Double, { recovery: { immediate: 0 } })
  later({ n }: { n: number }): { twice: number } {
    return { twice: n * this.factor };
  }

  @On(Doubled, { from: "latest" })
  nothing(): void {}
}

/** Wrong uses. */
export class Wrong {
  // @ts-expect-error another parameter
  @Handles(Double)
  parameter({ n }: { n: string }): { twice: number } {
    return { twice: n.length };
  }

  // @ts-expect-error another reply
  @Handles(Double)
  reply({ n }: { n: number }): { thrice: number } {
    return { thrice: n };
  }

  // @ts-expect-error no reply
  @Handles(Double)
  async silent(): Promise<void> {}

  // @ts-expect-error an event has no reply
  @On(Doubled)
  answers({ n }: { n: number }): number {
    return n;
  }

  // @ts-expect-error a command is handled
  @On(Double)
  command(): void {}

  // @ts-expect-error an event is reacted to
  @Handles(Doubled)
  event(): void {}
}
