import { beforeEach, describe, expect, it } from "vitest";
import { VirtualClock } from "../../environment/virtual-clock.ts";
import { HEADER, type Headers } from "../../message/headers.ts";
import { STORED, type PublishFailure, type PublishResult } from "../../spi/transport.ts";
import { Forwarding, type ForwardedForm } from "./forwarding.ts";
import { Problems } from "../deliver/problems.ts";
import { revocation } from "../deliver/revocation.ts";

const PLACE = "queue shop.dead-letters";
const FAILURE: Headers = {
  [HEADER.failureCode]: "handler-failed",
  [HEADER.failureMessage]: "x".repeat(1_000),
};

let clock: VirtualClock;
let reported: (string | undefined)[];
let forwarding: Forwarding;
beforeEach(() => {
  clock = new VirtualClock();
  reported = [];
  forwarding = new Forwarding({ clock, problems: new Problems((problem) => reported.push(problem)) });
});

const refused = (code: PublishFailure["code"]): PublishResult => ({
  ok: false,
  error: { code, message: "It is refused.", maybeStored: false },
});

/** One message on its way, and what happened to it. */
class Trial {
  readonly forms: ForwardedForm[] = [];
  readonly triedAt: number[] = [];
  fate: string | undefined = undefined;
  rests = 0;
  readonly delivery = { isLive: true } as { isLive: boolean; readonly signal: AbortSignal };

  constructor(
    answer: (form: ForwardedForm, at: number) => PublishResult,
    { place = PLACE, headers = FAILURE }: { readonly place?: string; readonly headers?: Headers } = {},
  ) {
    Object.defineProperty(this.delivery, "signal", { get: () => revocation.signalOf(this.delivery) });
    const begun = clock.now();
    void forwarding
      .forward({
        delivery: this.delivery,
        destination: place,
        headers,
        foreign: () => ({ theirs: "large" }),
        store: (form) => {
          this.forms.push(form);
          this.triedAt.push(clock.now() - begun);
          return Promise.resolve(answer(form, this.triedAt.length));
        },
        onRest: () => (this.rests += 1),
      })
      .then((fate) => (this.fate = fate));
  }
}

describe("a message that is stored once more", () => {
  it("is stored in its first form where the broker takes it", async () => {
    const trial = new Trial(() => STORED);
    await clock.settle();
    expect(trial.fate).toBe("stored");
    expect(trial.forms).toEqual([{ headers: FAILURE, isBare: false }]);
    expect(clock.pending).toBe(0);
  });

  it("is stored although its subscription is being drained: its handler has just finished", async () => {
    forwarding.end();
    const trial = new Trial(() => STORED);
    await clock.settle();
    expect(trial.fate).toBe("stored");
  });

  it("is tried once in every form while its subscription is being drained, and does not wait", async () => {
    forwarding.end();
    const trial = new Trial(() => refused("disconnected"));
    const large = new Trial(({ isBare }) => (isBare ? STORED : refused("too-large")));
    await clock.settle();
    expect(trial).toMatchObject({ fate: "taken back", triedAt: [0] });
    expect(large.fate).toBe("stored");
    expect(clock.pending).toBe(0);
  });

  it("waits with growing pauses while the broker is away, and stays in the window", async () => {
    const trial = new Trial((_, tries) => (tries < 8 ? refused("disconnected") : STORED));
    await clock.advance(60_000);
    expect(trial.triedAt).toEqual([0, 250, 750, 1_750, 3_750, 7_750, 12_750, 17_750]);
    expect(trial).toMatchObject({ fate: "stored", rests: 0 });
    expect(reported).toEqual([]);
  });

  it("says less and less of its failure where that leaves too little room", async () => {
    const trial = new Trial(({ headers }) =>
      (headers[HEADER.failureMessage] ?? "").length > 200 ? refused("too-large") : STORED,
    );
    await clock.settle();
    expect(trial.fate).toBe("stored");
    expect(trial.forms.at(-1)?.headers[HEADER.failureCode]).toBe("handler-failed");
    expect(trial.forms.at(-1)?.isBare).toBe(false);
    expect(reported).toEqual([]);
  });

  it("has its own headers set aside as text where the broker does not take them", async () => {
    const trial = new Trial(({ isBare }) => (isBare ? STORED : refused("rejected")));
    await clock.settle();
    expect(trial.fate).toBe("stored");
    expect(trial.forms).toEqual([
      { headers: FAILURE, isBare: false },
      { headers: { ...FAILURE, [HEADER.setAside]: '{"theirs":"large"}' }, isBare: true },
    ]);
  });

  it("rests outside the window where nothing helps, and is tried again each minute until it is stored", async () => {
    let isTaken = false;
    const trial = new Trial(() => (isTaken ? STORED : refused("too-large")));
    await clock.settle();
    expect(trial).toMatchObject({ fate: undefined, rests: 1 });
    expect(forwarding.resting).toBe(1);
    expect(reported).toEqual([
      `Messages cannot be stored in ${PLACE}; they are kept and tried again each minute. The reason: It is refused.`,
    ]);
    await clock.advance(59_999);
    const before = trial.forms.length;
    await clock.advance(1);
    expect(trial.forms.length).toBeGreaterThan(before);
    isTaken = true;
    await clock.advance(60_000);
    expect(trial).toMatchObject({ fate: "stored", rests: 1 });
    expect(reported.at(-1)).toBeUndefined();
    expect(forwarding.resting).toBe(0);
  });

  it.each(["unroutable", "not-permitted", "rejected"] as const)(
    "is tried a few times before it rests when its place answers %s",
    async (code) => {
      const trial = new Trial(() => refused(code));
      await clock.advance(1_000);
      expect(trial.rests).toBe(0);
      expect(reported).toEqual([]);
      await clock.advance(1_000);
      expect(trial.rests).toBe(1);
      expect(reported).toHaveLength(1);
    },
  );

  it("keeps the headers of a retry whole", async () => {
    const trial = new Trial(() => refused("too-large"), { headers: { "waybill-attempt": "2" } });
    await clock.settle();
    expect(trial.forms.map(({ headers }) => headers["waybill-attempt"])).toEqual(["2", "2"]);
  });

  it("is nobody's affair any more once it is taken back, in a pause and at rest", async () => {
    const pausing = new Trial(() => refused("disconnected"));
    const resting = new Trial(() => refused("too-large"));
    await clock.settle();
    revocation.revoke(pausing.delivery);
    revocation.revoke(resting.delivery);
    await clock.settle();
    expect([pausing.fate, resting.fate]).toEqual(["taken back", "taken back"]);
    expect(reported.at(-1)).toBeUndefined();
    expect(clock.pending).toBe(0);
  });

  it("leaves no timer when its subscription ends", async () => {
    const pausing = new Trial(() => refused("disconnected"));
    const resting = new Trial(() => refused("too-large"));
    await clock.settle();
    forwarding.end();
    await clock.settle();
    expect([pausing.fate, resting.fate]).toEqual(["taken back", "taken back"]);
    expect(clock.pending).toBe(0);
  });
});

describe("many messages", () => {
  it("share one report for one place, which ends with the last of them", async () => {
    let isTaken: (place: number) => boolean = () => false;
    const trials = [0, 1].map((at) => new Trial(() => (isTaken(at) ? STORED : refused("too-large"))));
    await clock.settle();
    expect(reported).toHaveLength(1);
    isTaken = (at) => at === 0;
    await clock.advance(60_000);
    expect(trials.map(({ fate }) => fate)).toEqual(["stored", undefined]);
    expect(reported).toHaveLength(1);
    isTaken = () => true;
    await clock.advance(60_000);
    expect(reported.at(-1)).toBeUndefined();
  });

  it("go on beside one that rests", async () => {
    const stuck = new Trial(() => refused("too-large"));
    const other = new Trial(() => STORED);
    await clock.settle();
    expect([stuck.fate, other.fate]).toEqual([undefined, "stored"]);
  });

  it("rest outside the window up to a bound: beyond it they keep their places, and the intake stops", async () => {
    const trials = Array.from({ length: 1_001 }, () => new Trial(() => refused("too-large")));
    await clock.settle();
    expect(trials.filter(({ rests }) => rests === 1)).toHaveLength(1_000);
    expect(trials.at(-1)?.rests).toBe(0);
    forwarding.end();
  });
});
