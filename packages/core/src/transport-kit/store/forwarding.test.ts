import { beforeEach, describe, expect, it } from "vitest";
import { VirtualClock } from "../../environment/virtual-clock.ts";
import { HEADER, type Headers } from "../../message/headers.ts";
import { STORED, type PublishFailure, type PublishResult } from "../../spi/transport.ts";
import { Forwarding, type ForwardedForm } from "./forwarding.ts";
import { Problems } from "../deliver/problems.ts";
import { revocation } from "../deliver/revocation.ts";

const DEAD_LETTERS = "queue shop.dead-letters";
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

/** One message that is forwarded, and a record of it. */
class Forwarded {
  readonly forms: ForwardedForm[] = [];
  readonly triedAt: number[] = [];
  outcome: string | undefined = undefined;
  rests = 0;
  readonly delivery = { isLive: true } as { isLive: boolean; readonly signal: AbortSignal };

  constructor(
    answer: (form: ForwardedForm, at: number) => PublishResult,
    { headers = FAILURE }: { readonly headers?: Headers } = {},
  ) {
    Object.defineProperty(this.delivery, "signal", { get: () => revocation.signalOf(this.delivery) });
    const begun = clock.now();
    void forwarding
      .forward({
        delivery: this.delivery,
        destination: DEAD_LETTERS,
        headers,
        foreign: () => ({ theirs: "large" }),
        store: (form) => {
          this.forms.push(form);
          this.triedAt.push(clock.now() - begun);
          return Promise.resolve(answer(form, this.triedAt.length));
        },
        onRest: () => (this.rests += 1),
      })
      .then((outcome) => (this.outcome = outcome));
  }
}

describe("a message that is forwarded", () => {
  it("is stored in its first form when the broker accepts that", async () => {
    const message = new Forwarded(() => STORED);
    await clock.settle();
    expect(message.outcome).toBe("stored");
    expect(message.forms).toEqual([{ headers: FAILURE, isBare: false }]);
    expect(clock.pending).toBe(0);
  });

  it("is still stored while its subscription is being drained", async () => {
    forwarding.end();
    const message = new Forwarded(() => STORED);
    await clock.settle();
    expect(message.outcome).toBe("stored");
  });

  it("is tried once in every form while its subscription is being drained, without a wait", async () => {
    forwarding.end();
    const message = new Forwarded(() => refused("disconnected"));
    const large = new Forwarded(({ isBare }) => (isBare ? STORED : refused("too-large")));
    await clock.settle();
    expect(message).toMatchObject({ outcome: "taken back", triedAt: [0] });
    expect(large.outcome).toBe("stored");
    expect(clock.pending).toBe(0);
  });

  it("waits with a growing backoff while the broker is away, and stays in flight", async () => {
    const message = new Forwarded((_, tries) => (tries < 8 ? refused("disconnected") : STORED));
    await clock.advance(60_000);
    expect(message.triedAt).toEqual([0, 250, 750, 1_750, 3_750, 7_750, 12_750, 17_750]);
    expect(message).toMatchObject({ outcome: "stored", rests: 0 });
    expect(reported).toEqual([]);
  });

  it("is stored with a shorter text of its failure when it is too large", async () => {
    const message = new Forwarded(({ headers }) =>
      (headers[HEADER.failureMessage] ?? "").length > 200 ? refused("too-large") : STORED,
    );
    await clock.settle();
    expect(message.outcome).toBe("stored");
    expect(message.forms.at(-1)?.headers[HEADER.failureCode]).toBe("handler-failed");
    expect(message.forms.at(-1)?.isBare).toBe(false);
    expect(reported).toEqual([]);
  });

  it("loses half of the failure's text, then the text, then the code, while it is too large", async () => {
    const headers = { [HEADER.failureCode]: "handler-failed", [HEADER.failureMessage]: "x".repeat(200) };
    const message = new Forwarded(({ isBare }) => (isBare ? STORED : refused("too-large")), { headers });
    await clock.settle();
    const added = message.forms.filter(({ isBare }) => !isBare).map((form) => form.headers);
    expect(
      added.map((form) => [form[HEADER.failureCode], form[HEADER.failureMessage]?.length] as const),
    ).toEqual([
      ["handler-failed", 200],
      ["handler-failed", 100],
      ["handler-failed", 50],
      ["handler-failed", undefined],
      [undefined, undefined],
    ]);
  });

  it("is stored with its own headers as one text when the broker refuses them", async () => {
    const message = new Forwarded(({ isBare }) => (isBare ? STORED : refused("rejected")));
    await clock.settle();
    expect(message.outcome).toBe("stored");
    expect(message.forms).toEqual([
      { headers: FAILURE, isBare: false },
      { headers: { ...FAILURE, [HEADER.setAside]: '{"theirs":"large"}' }, isBare: true },
    ]);
  });

  it("rests outside the window when every form is refused, and is tried again each minute until it is stored", async () => {
    let isAccepted = false;
    const message = new Forwarded(() => (isAccepted ? STORED : refused("too-large")));
    await clock.settle();
    expect(message).toMatchObject({ outcome: undefined, rests: 1 });
    expect(forwarding.resting).toBe(1);
    expect(reported).toEqual([
      `Messages cannot be stored in ${DEAD_LETTERS}; they are kept and tried again each minute. The reason: It is refused.`,
    ]);
    await clock.advance(59_999);
    const before = message.forms.length;
    await clock.advance(1);
    expect(message.forms.length).toBeGreaterThan(before);
    isAccepted = true;
    await clock.advance(60_000);
    expect(message).toMatchObject({ outcome: "stored", rests: 1 });
    expect(reported.at(-1)).toBeUndefined();
    expect(forwarding.resting).toBe(0);
  });

  it.each(["unroutable", "not-permitted", "rejected"] as const)(
    "is tried a few times before it rests when its destination answers %s",
    async (code) => {
      const message = new Forwarded(() => refused(code));
      await clock.advance(1_000);
      expect(message.rests).toBe(0);
      expect(reported).toEqual([]);
      await clock.advance(1_000);
      expect(message.rests).toBe(1);
      expect(reported).toHaveLength(1);
    },
  );

  it("keeps all headers of a retry", async () => {
    const message = new Forwarded(() => refused("too-large"), { headers: { "waybill-attempt": "2" } });
    await clock.settle();
    expect(message.forms.map(({ headers }) => headers["waybill-attempt"])).toEqual(["2", "2"]);
  });

  it("is not tried again once its delivery is revoked, in a pause and at rest", async () => {
    const pausing = new Forwarded(() => refused("disconnected"));
    const resting = new Forwarded(() => refused("too-large"));
    await clock.settle();
    revocation.revoke(pausing.delivery);
    revocation.revoke(resting.delivery);
    await clock.settle();
    expect([pausing.outcome, resting.outcome]).toEqual(["taken back", "taken back"]);
    expect(reported.at(-1)).toBeUndefined();
    expect(clock.pending).toBe(0);
  });

  it("leaves no timer when its subscription ends", async () => {
    const pausing = new Forwarded(() => refused("disconnected"));
    const resting = new Forwarded(() => refused("too-large"));
    await clock.settle();
    forwarding.end();
    await clock.settle();
    expect([pausing.outcome, resting.outcome]).toEqual(["taken back", "taken back"]);
    expect(clock.pending).toBe(0);
  });
});

describe("many messages", () => {
  it("share one reported problem for one destination, until the last of them is stored", async () => {
    let isAccepted: (index: number) => boolean = () => false;
    const messages = [0, 1].map(
      (at) => new Forwarded(() => (isAccepted(at) ? STORED : refused("too-large"))),
    );
    await clock.settle();
    expect(reported).toHaveLength(1);
    isAccepted = (at) => at === 0;
    await clock.advance(60_000);
    expect(messages.map(({ outcome }) => outcome)).toEqual(["stored", undefined]);
    expect(reported).toHaveLength(1);
    isAccepted = () => true;
    await clock.advance(60_000);
    expect(reported.at(-1)).toBeUndefined();
  });

  it("are stored while another one rests", async () => {
    const resting = new Forwarded(() => refused("too-large"));
    const other = new Forwarded(() => STORED);
    await clock.settle();
    expect([resting.outcome, other.outcome]).toEqual([undefined, "stored"]);
  });

  it("rest outside the window up to a limit; the others stay in flight, and the intake stops", async () => {
    const messages = Array.from({ length: 1_001 }, () => new Forwarded(() => refused("too-large")));
    await clock.settle();
    expect(messages.filter(({ rests }) => rests === 1)).toHaveLength(1_000);
    expect(messages.at(-1)?.rests).toBe(0);
    forwarding.end();
  });
});
