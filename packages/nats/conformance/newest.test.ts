import { holdsOnNats } from "./suite.ts";

await holdsOnNats("nats 2.15", false);
