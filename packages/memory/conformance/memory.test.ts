import { transportConformance } from "@waybill/conformance";
import { describe, it } from "vitest";
import { memoryHarness } from "./harness.ts";

transportConformance(memoryHarness, { describe, it });
