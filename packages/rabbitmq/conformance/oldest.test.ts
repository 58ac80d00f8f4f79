import { holdsOnRabbitmq } from "./suite.ts";

await holdsOnRabbitmq("rabbitmq 3.10", true);
