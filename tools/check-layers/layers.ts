/** The plan of the house, as data: which room stands on which floor, and who may know whom. */

/**
 * Rooms of core, by floor: a file imports from its own room and from lower floors; rooms on one floor do not know each other.
 * Recovery stands below the pipeline because the steps ask it what to do about a failure; the doors stand on top of all.
 */
export const FLOORS: Readonly<Record<string, number>> = {
  ground: 0,
  runtime: 0,
  message: 1,
  codec: 2,
  batching: 2,
  spi: 3,
  adapting: 4,
  recovery: 4,
  pipeline: 5,
  bus: 6,
};

/** The only room of core that may import `node:` modules. */
export const RUNTIME_ROOM = "runtime";

/**
 * Which doors of ours the sources of a package may import. Nothing is built on a test, so a test may import any room of its package
 * and whatever the package declares; the ring of packages is forbidden to tests too.
 */
export const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  memory: ["@waybill/core/transport"],
  kafka: ["@waybill/core/transport"],
  rabbitmq: ["@waybill/core/transport"],
  nats: ["@waybill/core/transport"],
  conformance: ["@waybill/core/transport"],
  testing: ["@waybill/core", "@waybill/core/transport", "@waybill/memory"],
  inversify: ["@waybill/core"],
  cli: [
    "@waybill/core",
    "@waybill/core/transport",
    "@waybill/memory",
    "@waybill/kafka",
    "@waybill/rabbitmq",
    "@waybill/nats",
  ],
};
