import { command, service, type Bus } from "@waybill/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { explore } from "../simulate/explore.ts";
import type { App } from "../world/app.ts";
import type { World } from "../world/world.ts";
import { actsOf, type ModelCommand } from "./acts-of.ts";

const Data = z.object({ account: z.string(), amount: z.number() });
const Deposit = command("bank.deposit", { data: Data, key: ({ account }) => account });
const Withdraw = command("bank.withdraw", { data: Data, key: ({ account }) => account });

/** The expected balance of the account after all messages are handled. */
interface Balance {
  expected: number;
}

class Put implements ModelCommand<Balance> {
  readonly amount: number;

  constructor(amount: number) {
    this.amount = amount;
  }

  async run(model: Balance, bus: Bus): Promise<void> {
    await bus.send(Deposit, { account: "ada", amount: this.amount });
    model.expected += this.amount;
  }

  toString(): string {
    return `put ${this.amount}`;
  }
}

class Take extends Put {
  check({ expected }: Readonly<Balance>): boolean {
    return expected >= this.amount;
  }

  override async run(model: Balance, bus: Bus): Promise<void> {
    await bus.send(Withdraw, { account: "ada", amount: this.amount });
    model.expected -= this.amount;
  }

  override toString(): string {
    return `take ${this.amount}`;
  }
}

const amount = fc.integer({ min: 1, max: 9 });
const input = fc.array(
  fc.oneof(
    amount.map((each) => new Put(each)),
    amount.map((each) => new Take(each)),
  ),
  { maxLength: 8 },
);

/** @param limit the bank withdraws no more than this, and reports no error */
function bank(world: World, commands: readonly Put[], limit: number): App {
  const model: Balance = { expected: 0 };
  const done = new Map<string, number>();
  const book = (message: string, change: number): void => {
    if (!done.has(message)) done.set(message, change);
  };
  const ledger = world.outside("ledger", { book });
  return {
    services: () => [
      service("bank")
        .handle(Deposit, ({ amount: change }, { message }) => ledger.book(message.id, change))
        .handle(Withdraw, ({ amount: change }, { message }) =>
          ledger.book(message.id, -Math.min(change, limit)),
        ),
    ],
    acts: actsOf(commands, model),
    check: () => expect([...done.values()].reduce((sum, each) => sum + each, 0)).toBe(model.expected),
  };
}

describe("actsOf", () => {
  it("checks generated actions of users against a model of the expected state", async () => {
    const { failure, runs } = await explore<readonly Put[]>((world, commands) => bank(world, commands, 9), {
      input,
      seed: 1,
      runs: 300,
    });
    expect(failure).toBeUndefined();
    expect(runs).toBe(300);
  });

  it("shrinks to the commands after which application and model differ, and names them in the story", async () => {
    const { failure } = await explore<readonly Put[]>((world, commands) => bank(world, commands, 3), {
      input,
      seed: 1,
    });
    expect(String(failure?.input)).toBe("put 4,take 4");
    expect(failure?.schedule.faults).toEqual([]);
    expect(failure?.story.join("\n")).toMatch(/client\s+does put 4\n[^]*client\s+does take 4\n/);
  });

  it("accepts the commands of fast-check, and skips those that the model does not allow", async () => {
    const ran: string[] = [];
    const commandOf = (name: string, isPossible: boolean): fc.Command<object, Bus> => ({
      check: () => isPossible,
      run: () => void ran.push(name),
      toString: () => name,
    });
    const [first, second] = actsOf([commandOf("first", true), commandOf("second", false)], {});
    const noBus = {} as Bus;
    await first?.(noBus);
    await second?.(noBus);
    expect(ran).toEqual(["first"]);
    expect([first?.name, second?.name]).toEqual(["first", "second"]);
  });
});
