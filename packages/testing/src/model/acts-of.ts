import type { Bus } from "@waybill/core";
import type { Act } from "../world/app.ts";

/**
 * One action of a client, with its precondition and its change to the model. The commands of fast-check have this form. Generate
 * lists of commands with arbitraries, and pass them to `simulate` as its input.
 */
export interface ModelCommand<Model> {
  /** Returns whether the command is possible in this state of the model; `actsOf` skips an impossible one. Default: always. */
  check?(model: Readonly<Model>): boolean | PromiseLike<boolean>;
  /** Runs the command, records in the model what must hold from now on, and throws if the bus contradicts the model. */
  run(model: Model, bus: Bus): unknown;
  /** Returns the name of the command in the story. */
  toString(): string;
}

/** Returns the acts of one client: the commands one after the other, without those that the model does not allow. */
export function actsOf<Model>(commands: Iterable<ModelCommand<Model>>, model: Model): readonly Act[] {
  return [...commands].map((command) => {
    const act: Act = async (bus) => {
      if (command.check !== undefined && !(await command.check(model))) return;
      await command.run(model, bus);
    };
    Object.defineProperty(act, "name", { value: String(command) });
    return act;
  });
}
