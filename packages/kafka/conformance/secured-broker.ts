import type { OwnBroker } from "@waybill/brokers";
import { startForTests } from "@waybill/brokers/for-tests";
import type { Transport } from "@waybill/core/transport";
import { AclPermissionTypes, Kafka, ResourcePatternTypes, logLevel, type Admin } from "kafkajs";
import { afterAll, afterEach, beforeAll, describe } from "vitest";
import { OpenTransports } from "./open-transports.ts";

/** The time limit of one test, against tests that hang. */
export const LIMIT_MS = 60_000;
const SASL = "SASL_PLAINTEXT";

/** A broker that checks permissions, with an administrator who has all of them. */
export class SecuredBroker {
  readonly admin: Admin;
  readonly #broker: OwnBroker | undefined;
  readonly #opened = new OpenTransports();

  constructor(broker: OwnBroker | undefined) {
    this.#broker = broker;
    const brokers = [(broker?.url ?? "").slice("kafka://".length)];
    this.admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
  }

  /** Returns the URL for a user, whose password is its name; without a user, for the administrator. */
  urlOf(user: string | undefined): string {
    const url =
      user === undefined ? this.#broker?.url : `kafka://${user}:${user}@${this.#broker?.address(SASL)}`;
    return url ?? "";
  }

  /** The warnings of the transports. */
  get warnings(): readonly string[] {
    return this.#opened.warnings;
  }

  transport(user?: string): Promise<Transport> {
    return this.#opened.transport({ url: this.urlOf(user) });
  }

  /** Grants permissions. The broker applies them a moment later. */
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

  /** Closes the transports of a test. */
  close(): Promise<void> {
    return this.#opened.close();
  }
}

/** Declares tests on a broker of their own, where each user has only the permissions that the test grants. */
export async function describeSecured(
  what: string,
  users: readonly string[],
  tests: (secured: SecuredBroker) => void,
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
    const secured = new SecuredBroker(broker);
    beforeAll(() => secured.admin.connect(), LIMIT_MS);
    afterEach(() => secured.close());
    afterAll(async () => {
      await secured.admin.disconnect();
      await broker?.end();
    });
    tests(secured);
  });
}
