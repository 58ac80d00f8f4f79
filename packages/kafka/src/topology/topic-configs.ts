import { CODE, UnknownRequest } from "../connection/protocol/codes.ts";
import type { Cluster } from "../connection/protocol/cluster.ts";
import type { Api } from "../connection/protocol/protocol.ts";

type Configs = Api["DescribeConfigs"]["answer"]["resources"];
type Asked = Api["DescribeConfigs"]["request"]["resources"];

/** A broker, in DescribeConfigs. */
const BROKER = 4;

/** What topics are set to. Empty where the broker does not answer this request, as some that speak Kafka's protocol do not. */
export async function configsOf(cluster: Cluster, asked: Asked): Promise<Configs> {
  try {
    const { resources } = await cluster.toAnyAddress("DescribeConfigs", {
      resources: asked,
      includeSynonyms: false,
    });
    return resources.filter(({ errorCode }) => errorCode === CODE.none);
  } catch (error) {
    if (error instanceof UnknownRequest) return [];
    throw error;
  }
}

/** A setting of a broker; absent where this user may not ask, or the broker does not answer this request. */
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
