/** The columns of the capability table, in order. */
export const COLUMNS: readonly Column[] = [
  { harness: "memory", run: "in this process" },
  { harness: "rabbitmq 4.0", run: "packages/rabbitmq/conformance/newest.test.ts" },
  { harness: "nats 2.15", run: "packages/nats/conformance/newest.test.ts" },
  { harness: "kafka 4.3", run: "packages/kafka/conformance/newest.test.ts" },
];

export interface Column {
  /** The name of the harness. */
  readonly harness: string;
  /** The test that writes the report; for memory, which needs no broker, the tool runs the suite itself. */
  readonly run: string;
}
