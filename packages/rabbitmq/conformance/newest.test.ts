import { holdsOnRabbitmq } from "./suite.ts";

await holdsOnRabbitmq("rabbitmq 4.0", false);
