/** The plan of the packages, as data: the layer of each folder of core, and the packages that each package may import. */

/**
 * The folders of core, by layer. A file imports from its own folder and from lower layers; folders of one layer do not
 * import each other. Recovery is below the pipeline because the steps ask it how to treat a failure. The entry points
 * are above all layers.
 */
export const LAYERS: Readonly<Record<string, number>> = {
  environment: 0,
  runtime: 0,
  message: 1,
  codec: 2,
  spi: 3,
  "transport-kit": 4,
  recovery: 4,
  pipeline: 5,
  bus: 6,
};

/** The only folder of core that may import `node:` modules. */
export const RUNTIME_FOLDER = "runtime";

const FOR_TRANSPORTS = ["@waybill/core/transport", "@waybill/core/transport-kit"] as const;
const FOR_TESTS = "@waybill/core/transport-kit/testing";

/**
 * Our entry points that the sources of a package may import. Other files do not import tests, so a test may import any
 * folder of its package and every package that its own package declares. Cycles between packages are forbidden to tests too.
 */
export const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  memory: FOR_TRANSPORTS,
  kafka: FOR_TRANSPORTS,
  rabbitmq: FOR_TRANSPORTS,
  nats: FOR_TRANSPORTS,
  conformance: [...FOR_TRANSPORTS, FOR_TESTS],
  testing: ["@waybill/core", ...FOR_TRANSPORTS, FOR_TESTS, "@waybill/memory"],
  inversify: ["@waybill/core"],
};

/** The adapters. */
export const ADAPTERS: readonly string[] = ["kafka", "rabbitmq", "nats", "memory"];
/** The folders that every adapter has. Private parts of an adapter are inside these folders. */
export const ADAPTER_FOLDERS: readonly string[] = [
  "connection",
  "publish",
  "consume",
  "lanes",
  "topology",
  "wire",
];

/** The largest number of import arrows between the folders and root files of one adapter. */
export const MOST_ARROWS = 35;

/** The libraries that only one file may import, because their private parts change or they will be replaced. */
export const ONE_IMPORTER: Readonly<Record<string, string>> = {
  kafkajs: "packages/kafka/src/connection/protocol/kafkajs.ts",
};

/** The entry point of the parts that adapters share: at least two adapters use each exported value. */
export const SHARED_PARTS = "@waybill/core/transport-kit";
