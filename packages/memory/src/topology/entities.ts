import type { Queue } from "../consume/queue.ts";
import type { Topic } from "./topic.ts";

/** The entities of a broker, which provisioning creates. */
export interface Entities {
  readonly queues: Map<string, Queue>;
  readonly topics: Map<string, Topic>;
  readonly deadLetters: Map<string, Queue>;
}
