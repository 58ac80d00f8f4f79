import { isMessagingError } from "@waybill/core";
import { describeThrown } from "@waybill/core/transport-kit";
import type { Act, App } from "../world/app.ts";
import type { Deployment, Instance } from "../world/deployment.ts";
import { runAs } from "../world/process.ts";
import type { RunParts } from "../world/parts.ts";

/** The acts of all clients: each client runs its acts one after the other. */
export class Acts {
  readonly #parts: RunParts;
  readonly #unfinished = new Set<string>();
  /** The first error of an act other than a MessagingError: a mistake in the test. */
  failure: { readonly act: string; readonly cause: unknown } | undefined = undefined;

  constructor(parts: RunParts) {
    this.#parts = parts;
  }

  /** The acts that have begun and have not ended. */
  get unfinished(): readonly string[] {
    return [...this.#unfinished];
  }

  /** Starts a client for each list, and makes the first act of each a possible next event. */
  begin(acts: App["acts"], deployment: Deployment): void {
    for (const [name, list] of Object.entries(isList(acts) ? { client: acts } : acts)) {
      const client = deployment.addClient(name);
      this.#next(client, list, 0);
    }
  }

  #next(client: Instance, list: readonly Act[], at: number): void {
    const act = list[at];
    if (act === undefined) return;
    const name = act.name === "" ? `act ${at + 1}` : act.name;
    const who = client.name;
    const run = (): void => {
      this.#unfinished.add(`${who}: ${name}`);
      this.#parts.history.record({ who, what: "acts", note: name });
      void runAs(client.process, () => this.#carryOut(act, client)).then((error) => {
        this.#unfinished.delete(`${who}: ${name}`);
        if (error !== undefined) this.#fail(who, name, error.cause);
        this.#next(client, list, at + 1);
      });
    };
    this.#parts.agenda.add({
      kind: "act",
      owner: client.process,
      run,
      describe: () => `${who} does ${name}`,
    });
  }

  /** Runs an act; returns the thrown value, or nothing. */
  async #carryOut(act: Act, { bus }: Instance): Promise<{ readonly cause: unknown } | undefined> {
    try {
      if (bus === undefined) throw new Error("the client has no bus");
      await act(bus);
      return undefined;
    } catch (cause) {
      return { cause };
    }
  }

  /** A MessagingError, such as a request timeout, is a result of a fault; any other error is a mistake in the act. */
  #fail(who: string, act: string, cause: unknown): void {
    this.#parts.history.record({ who, what: "act failed", note: `${act}: ${describeThrown(cause)}` });
    if (!isMessagingError(cause)) this.failure ??= { act: `${who}: ${act}`, cause };
  }
}

function isList(acts: App["acts"]): acts is readonly Act[] {
  return Array.isArray(acts);
}
