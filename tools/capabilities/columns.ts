/** The columns of the capability table, in order. */
export const COLUMNS: readonly Column[] = [
  { harness: "memory", run: "in this process" },
  { harness: "rabbitmq 4.0", run: "packages/rabbitmq/conformance/newest.test.ts" },
  { harness: "nats 2.15", run: "packages/nats/conformance/newest.test.ts" },
  { harness: "kafka 4.3", run: "packages/kafka/conformance/newest.test.ts" },
];

export interface Column {
  /** As the harness is called. */
  readonly harness: string;
  /** The test that leaves its report; memory needs no broker and is run by the tool itself. */
  readonly run: string;
}
