import { isMessagingError } from "@waybill/core";
import { describeThrown } from "@waybill/core/transport-kit";
import type { Act, App } from "../world/app.ts";
import type { Deployment, Instance } from "../world/deployment.ts";
import { runAs } from "../world/process.ts";
import type { RunParts } from "../world/parts.ts";

/** The acts of all clients: each client does one after the other. */
export class Acts {
  readonly #parts: RunParts;
  readonly #waiting = new Set<string>();
  /** What an act threw that is no MessagingError: a mistake of the test. */
  failure: { readonly act: string; readonly cause: unknown } | undefined = undefined;

  constructor(parts: RunParts) {
    this.#parts = parts;
  }

  /** The acts that have begun and not ended. */
  get unfinished(): readonly string[] {
    return [...this.#waiting];
  }

  /** Starts a client for each list; the first act of each can be next. */
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
      this.#waiting.add(`${who}: ${name}`);
      this.#parts.history.record({ who, what: "acts", note: name });
      void runAs(client.process, () => this.#carryOut(act, client)).then((error) => {
        this.#waiting.delete(`${who}: ${name}`);
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

  /** Nothing, or what was thrown. */
  async #carryOut(act: Act, { bus }: Instance): Promise<{ readonly cause: unknown } | undefined> {
    try {
      if (bus === undefined) throw new Error("the client's bus is not there");
      await act(bus);
      return undefined;
    } catch (cause) {
      return { cause };
    }
  }

  /** A request that failed is an answer; anything else that an act throws is not. */
  #fail(who: string, act: string, cause: unknown): void {
    this.#parts.history.record({ who, what: "act failed", note: `${act}: ${describeThrown(cause)}` });
    if (!isMessagingError(cause)) this.failure ??= { act: `${who}: ${act}`, cause };
  }
}

function isList(acts: App["acts"]): acts is readonly Act[] {
  return Array.isArray(acts);
}
