import { CONTENTS } from "./contents.ts";
import { DELIVERIES } from "./deliveries.ts";
import type { Fuzzer } from "./fuzzer.ts";
import { KAFKA } from "./kafka.ts";

export const ALL: readonly Fuzzer[] = [...CONTENTS, ...KAFKA, ...DELIVERIES];
