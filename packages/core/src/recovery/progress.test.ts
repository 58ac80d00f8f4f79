import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HEADER } from "../message/headers.ts";
import { asideMs, progressHeaders, readProgress, suspicionOf } from "./progress.ts";

const NONE = { rounds: 0, settled: 0, suspicions: 0 };

describe("the progress of retries", () => {
  it("is read as it was written", () => {
    const counts = fc.record({ rounds: fc.nat(1_000), settled: fc.nat(1_000_000), suspicions: fc.nat(9) });
    fc.assert(
      fc.property(counts, (progress) => {
        expect(readProgress(progressHeaders(progress))).toEqual(progress);
      }),
    );
  });

  it("is none for a malformed header", () => {
    for (const text of ["", "1", "1/2", "-1/2/3", "1/2/10", "99999/1/1", "1/2/3 ", "a/b/c", "1/2/3/4"])
      expect(readProgress({ [HEADER.progress]: text })).toEqual(NONE);
    expect(readProgress({ other: "1/2/3" })).toEqual(NONE);
  });

  it("is written in range for any counts", () => {
    for (const count of [Number.NaN, -1, Infinity, 1e300, 1.5]) {
      const headers = progressHeaders({ rounds: count, settled: count, suspicions: count });
      expect(headers[HEADER.progress]).toMatch(/^[0-9]{1,4}\/[0-9]{1,7}\/[0-9]$/);
    }
  });
});

describe("deliveries without an outcome", () => {
  it("count as restarts up to a limit, then set the message aside, and finally give it up", () => {
    expect(suspicionOf(NONE, 21)).toBe("none");
    expect(suspicionOf(NONE, 22)).toBe("suspect");
    const aside = { ...NONE, settled: 22, suspicions: 1 };
    expect(suspicionOf(aside, 28)).toBe("none");
    expect(suspicionOf(aside, 29)).toBe("suspect");
    expect(suspicionOf({ ...aside, suspicions: 3 }, 29)).toBe("crash-looping");
    expect([0, 1, 2].map((suspicions) => asideMs({ ...NONE, suspicions }))).toEqual([5_000, 10_000, 20_000]);
  });

  it("are counted from 0 by a broker that counts again", () => {
    expect(suspicionOf({ ...NONE, settled: 9_999_999 }, 1)).toBe("none");
    expect(suspicionOf({ ...NONE, settled: 9_999_999 }, 22)).toBe("suspect");
  });
});
