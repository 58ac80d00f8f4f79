import type { OwnBroker } from "@waybill/brokers";

interface Queue {
  readonly name: string;
  readonly type: string;
  readonly durable: boolean;
  readonly exclusive: boolean;
  readonly arguments: readonly (readonly [name: string, type: string, value: unknown])[];
}
interface Exchange {
  readonly name: string;
  readonly type: string;
}
interface Binding {
  readonly source_name: string;
  readonly destination_name: string;
  readonly destination_kind: string;
  readonly routing_key: string;
}

/** Returns a line for each queue, exchange and binding that RabbitMQ does not have by itself. */
export async function onRabbitmq(broker: OwnBroker): Promise<readonly string[]> {
  const list = async <Item>(what: string, ...columns: readonly string[]): Promise<readonly Item[]> =>
    JSON.parse(await broker.tool(what, "--formatter", "json", "--quiet", ...columns)) as readonly Item[];
  const queues = await list<Queue>("list_queues", "name", "type", "durable", "exclusive", "arguments");
  const exchanges = await list<Exchange>("list_exchanges", "name", "type");
  const bindings = await list<Binding>("list_bindings");
  return [
    ...exchanges
      .filter(({ name }) => name !== "" && !name.startsWith("amq."))
      .map(({ name, type }) => `exchange ${name}  ${type}`),
    ...queues.map((queue) => `queue ${queue.name}  ${settingsText(queue)}`),
    ...bindings
      .filter(({ source_name }) => source_name !== "")
      .map(
        ({ source_name, destination_kind, destination_name, routing_key }) =>
          `binding ${source_name} to ${destination_kind} ${destination_name}${routing_key === "" ? "" : `  ${routing_key}`}`,
      ),
  ];
}

function settingsText({ type, durable, exclusive, arguments: given }: Queue): string {
  const more = given
    .filter(([name]) => name !== "x-queue-type")
    .map(([name, , value]) => `${name}=${String(value)}`);
  return [
    type,
    ...(durable ? [] : ["transient"]),
    ...(exclusive ? ["exclusive"] : []),
    ...more.toSorted(),
  ].join(", ");
}
