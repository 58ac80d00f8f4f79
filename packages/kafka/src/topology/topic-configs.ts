import { CODE, UnknownRequest } from "../connection/protocol/codes.ts";
import type { Cluster } from "../connection/protocol/cluster.ts";
import type { Api } from "../connection/protocol/protocol.ts";

type Configs = Api["DescribeConfigs"]["answer"]["resources"];
type Requested = Api["DescribeConfigs"]["request"]["resources"];

/** The resource type of a broker in DescribeConfigs. */
const BROKER = 4;

/** Returns the settings of topics. Empty when the broker does not support the request, as some brokers with Kafka's protocol do not. */
export async function configsOf(cluster: Cluster, topics: Requested): Promise<Configs> {
  try {
    const { resources } = await cluster.toAnyAddress("DescribeConfigs", {
      resources: topics,
      includeSynonyms: false,
    });
    return resources.filter(({ errorCode }) => errorCode === CODE.none);
  } catch (error) {
    if (error instanceof UnknownRequest) return [];
    throw error;
  }
}

/** Returns a setting of a broker; absent without permission to read it, or when the broker does not support the request. */
export async function brokerConfig(cluster: Cluster, name: string): Promise<string | undefined> {
  try {
    const { resources } = await cluster.toAnyNode((node) => [
      "DescribeConfigs",
      {
        resources: [{ type: BROKER, name: String(node), configNames: [name] }],
        includeSynonyms: false,
      },
    ]);
    if (resources[0]?.errorCode !== CODE.none) return undefined;
    return resources[0].configEntries[0]?.configValue ?? undefined;
  } catch (error) {
    if (error instanceof UnknownRequest) return undefined;
    throw error;
  }
}
