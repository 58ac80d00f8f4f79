import type { Bus } from "@waybill/core";
import type { Act } from "../world/app.ts";

/**
 * One thing a client may do, and what the model says of it. Commands of fast-check are such, and so are objects of your
 * own: make them with arbitraries, and give lists of them to `simulate` as its input.
 */
export interface ModelCommand<Model> {
  /** Whether it makes sense now; what does not is left out. Default: always. */
  check?(model: Readonly<Model>): boolean | PromiseLike<boolean>;
  /** Does it, notes in the model what must be true from now on, and throws where the bus says otherwise. */
  run(model: Model, bus: Bus): unknown;
  /** How the story calls it. */
  toString(): string;
}

/** What one client does: the commands, one after the other, each where the model lets it. */
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
