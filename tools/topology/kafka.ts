import type { OwnBroker } from "@waybill/brokers";
import kafkajs, { type Admin } from "kafkajs";

/** Returns a line for each topic, with its partitions and its own configuration, and for each group. */
export async function onKafka(broker: OwnBroker): Promise<readonly string[]> {
  const brokers = broker.url.replace(/^kafka:\/\//, "").split(",");
  const admin = new kafkajs.Kafka({
    clientId: "topology",
    brokers,
    logLevel: kafkajs.logLevel.NOTHING,
  }).admin();
  await admin.connect();
  try {
    const { topics } = await admin.fetchTopicMetadata();
    const own = topics.filter(({ name }) => !name.startsWith("__"));
    const { groups } = await admin.listGroups();
    return [
      ...(await Promise.all(
        own.map(async ({ name, partitions }) =>
          [`topic ${name}  partitions=${partitions.length}`, ...(await configured(admin, name))].join(", "),
        ),
      )),
      ...groups.map(({ groupId }) => `group ${groupId}`),
    ];
  } finally {
    await admin.disconnect();
  }
}

/** Returns the configuration of this topic, without the values of its broker and the defaults. */
async function configured(admin: Admin, name: string): Promise<readonly string[]> {
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name }],
  });
  return resources.flatMap(({ configEntries }) =>
    configEntries
      .filter(
        ({ isDefault, configSource }) => !isDefault && configSource === kafkajs.ConfigSource.TOPIC_CONFIG,
      )
      .map(({ configName, configValue }) => `${configName}=${configValue}`),
  );
}
