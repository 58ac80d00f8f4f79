import { holdsOnNats } from "./suite.ts";

await holdsOnNats("nats 2.10", true);
