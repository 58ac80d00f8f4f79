import { lanesKeepOrder } from "./keep-order.ts";

await lanesKeepOrder();
