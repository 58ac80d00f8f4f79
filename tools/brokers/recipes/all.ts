import type { BrokerName, Recipe } from "../broker.ts";
import { kafka } from "./kafka.ts";
import { nats } from "./nats.ts";
import { postgres } from "./postgres.ts";
import { rabbitmq } from "./rabbitmq.ts";

export const RECIPES: Readonly<Record<BrokerName, Recipe>> = { rabbitmq, nats, kafka, postgres };
