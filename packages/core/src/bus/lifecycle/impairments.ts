import { sourceText } from "../../recovery/failure-headers.ts";
import type { Source } from "../../spi/destination.ts";
import { quietly } from "../../environment/quietly.ts";
import type { Report } from "../../spi/report.ts";

/** A source that a service cannot be served from as it should. */
export interface Impairment {
  readonly service: string;
  /** `queue:name` or `topic:name`. */
  readonly source: string;
  /** One sentence. */
  readonly problem: string;
}

export interface ImpairmentOptions {
  /** Given one warning for each change. */
  readonly warn: (notice: string) => void;
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

  /** All of them, in the order of their beginning. */
  get all(): readonly Impairment[] {
    return this.#present.size === 0 ? NONE : [...this.#present.values()];
  }

  /** What a transport is given to report on one source. */
  reportOn(source: Source): Report {
    const place = { service: source.group, source: sourceText(source) };
    const key = JSON.stringify([place.service, place.source]);
    return (problem) => {
      if (this.#present.get(key)?.problem === problem) return;
      if (problem === undefined) this.#present.delete(key);
      else this.#present.set(key, { ...place, problem });
      const notice =
        problem === undefined
          ? `Service ${place.service} is served from ${place.source} again.`
          : `Service ${place.service} cannot be served from ${place.source} as it should: ${problem}`;
      quietly(() => this.#options.warn(notice));
      this.#options.onChange();
    };
  }
}

const NONE: readonly Impairment[] = Object.freeze([]);
