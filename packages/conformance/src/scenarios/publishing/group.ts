import type { ScenarioGroup } from "../../scenario.ts";
import { batchOfOne, batchOfTenThousand, batchOfThousand, emptyBatch } from "./batch-sizes.ts";
import { dedup } from "./dedup.ts";
import { lostConfirm } from "./lost-confirm.ts";
import { manyPublishers } from "./many-publishers.ts";
import { oneResultEach } from "./one-result-each.ts";
import { orderOfCalls } from "./order-of-calls.ts";
import { orderThroughACut } from "./order-through-a-cut.ts";
import { publisherGone } from "./publisher-gone.ts";
import { storedIsDelivered } from "./stored-is-delivered.ts";

export const publishing: ScenarioGroup = {
  name: "publishing",
  scenarios: [
    storedIsDelivered,
    oneResultEach,
    batchOfOne,
    batchOfThousand,
    batchOfTenThousand,
    emptyBatch,
    manyPublishers,
    publisherGone,
    lostConfirm,
    orderOfCalls,
    orderThroughACut,
    dedup,
  ],
};
