import { sourceText } from "../../recovery/failure-headers.ts";
import type { Source } from "../../spi/destination.ts";
import { quietly } from "../../environment/quietly.ts";
import type { Report } from "../../spi/transport.ts";

/** A source that has a problem: its service receives from it late, in part, or not at all. */
export interface Impairment {
  readonly service: string;
  /** `queue:name` or `topic:name`. */
  readonly source: string;
  /** The problem, in one sentence. */
  readonly problem: string;
}

export interface ImpairmentOptions {
  /** Called with one warning for each change. */
  readonly warn: (warning: string) => void;
  /** Called after each change. */
  readonly onChange: () => void;
}

/** The sources of a bus that have a problem at the moment. */
export class Impairments {
  readonly #options: ImpairmentOptions;
  readonly #present = new Map<string, Impairment>();

  constructor(options: ImpairmentOptions) {
    this.#options = options;
  }

  /** All present impairments, the oldest first. */
  get all(): readonly Impairment[] {
    return this.#present.size === 0 ? NONE : [...this.#present.values()];
  }

  /** Returns the function by which a transport reports the problems of one source. */
  reportOn(source: Source): Report {
    const names = { service: source.group, source: sourceText(source) };
    const key = JSON.stringify([names.service, names.source]);
    return (problem) => {
      if (this.#present.get(key)?.problem === problem) return;
      if (problem === undefined) this.#present.delete(key);
      else this.#present.set(key, { ...names, problem });
      const warning =
        problem === undefined
          ? `Service ${names.service} receives from ${names.source} without problems again.`
          : `Service ${names.service} has a problem with ${names.source}: ${problem}`;
      quietly(() => this.#options.warn(warning));
      this.#options.onChange();
    };
  }
}

const NONE: readonly Impairment[] = Object.freeze([]);
