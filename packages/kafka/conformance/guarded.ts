import type { OwnBroker } from "@waybill/brokers";
import { startForTests } from "@waybill/brokers/for-tests";
import type { Transport } from "@waybill/core/transport";
import { AclPermissionTypes, Kafka, ResourcePatternTypes, logLevel, type Admin } from "kafkajs";
import { afterAll, afterEach, beforeAll, describe } from "vitest";
import { Opened } from "./opened.ts";

/** For one test: the bound is for those that hang. */
export const LIMIT_MS = 60_000;
const SASL = "SASL_PLAINTEXT";

/** A broker that asks for rights, and its owner, who is asked for none. */
export class Guarded {
  readonly admin: Admin;
  readonly #broker: OwnBroker | undefined;
  readonly #opened = new Opened();

  constructor(broker: OwnBroker | undefined) {
    this.#broker = broker;
    const brokers = [(broker?.url ?? "").slice("kafka://".length)];
    this.admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
  }

  /** Where a user is let in, its name being its password; where the owner is without one. */
  urlOf(user: string | undefined): string {
    const url =
      user === undefined ? this.#broker?.url : `kafka://${user}:${user}@${this.#broker?.address(SASL)}`;
    return url ?? "";
  }

  /** What transports have told. */
  get notices(): readonly string[] {
    return this.#opened.notices;
  }

  transport(user?: string): Promise<Transport> {
    return this.#opened.transport({ url: this.urlOf(user) });
  }

  /** Asked for; the broker goes by it a moment later. */
  async grant(
    user: string,
    [resourceType, name]: readonly [number, string],
    operations: readonly number[],
  ): Promise<void> {
    const acl = operations.map((operation) => ({
      resourceType,
      resourceName: name,
      resourcePatternType: ResourcePatternTypes.LITERAL,
      principal: `User:${user}`,
      host: "*",
      operation,
      permissionType: AclPermissionTypes.ALLOW,
    }));
    await this.admin.createAcls({ acl });
  }

  /** Ends the transports of a test. */
  close(): Promise<void> {
    return this.#opened.close();
  }
}

/** Tests on a broker of their own, where users may do what they were granted and no more. */
export async function guarded(
  what: string,
  users: readonly string[],
  tests: (site: Guarded) => void,
): Promise<void> {
  const logins = users.map((user) => `user_${user}="${user}"`).join(" ");
  const broker = await startForTests("kafka", {
    listeners: [SASL],
    config: [
      "sasl.enabled.mechanisms=PLAIN",
      `listener.name.${SASL.toLowerCase()}.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required ${logins};`,
      "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer",
      "super.users=User:ANONYMOUS",
    ],
  });
  describe.skipIf(broker === undefined)(what, { timeout: LIMIT_MS }, () => {
    const site = new Guarded(broker);
    beforeAll(() => site.admin.connect(), LIMIT_MS);
    afterEach(() => site.close());
    afterAll(async () => {
      await site.admin.disconnect();
      await broker?.end();
    });
    tests(site);
  });
}
