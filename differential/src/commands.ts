import fc from "fast-check";

/** Where a message goes: an unordered queue, a queue with lanes, a topic with two groups. */
export type Target = "queue" | "lanes" | "topic";
export type Answer = "ack" | "retry" | "retry later" | "dead-letter" | "release";

/** What somebody does, or what happens to them. Members and messages are numbered as they come; what is not there is nobody's. */
export type Command =
  | {
      readonly what: "publish";
      readonly target: Target;
      readonly key: number;
      readonly isDelayed: boolean;
      readonly losesConfirm: boolean;
    }
  | { readonly what: "join" }
  | { readonly what: "answer"; readonly message: number; readonly answer: Answer }
  | { readonly what: "crash" | "cut" | "stop"; readonly member: number }
  | { readonly what: "wait" };

const member = fc.nat({ max: 1 });
const publish = fc.record({
  what: fc.constant("publish" as const),
  target: fc.constantFrom<Target>("queue", "lanes", "topic"),
  key: fc.nat({ max: 1 }),
  isDelayed: fc.oneof(
    { weight: 5, arbitrary: fc.constant(false) },
    { weight: 1, arbitrary: fc.constant(true) },
  ),
  losesConfirm: fc.oneof(
    { weight: 7, arbitrary: fc.constant(false) },
    { weight: 1, arbitrary: fc.constant(true) },
  ),
});
const answer = fc.record({
  what: fc.constant("answer" as const),
  message: fc.nat({ max: 3 }),
  answer: fc.constantFrom<Answer>("ack", "ack", "retry", "retry later", "dead-letter", "release"),
});
const fate = (what: "crash" | "cut" | "stop"): fc.Arbitrary<Command> =>
  fc.record({ what: fc.constant(what), member });

/** Sequences of commands: somebody is there and something is sent from the beginning. */
export const sequences: fc.Arbitrary<readonly Command[]> = fc
  .array(
    fc.oneof(
      { weight: 5, arbitrary: publish },
      { weight: 7, arbitrary: answer },
      { weight: 2, arbitrary: fc.constant<Command>({ what: "join" }) },
      { weight: 1, arbitrary: fate("crash") },
      { weight: 1, arbitrary: fate("cut") },
      { weight: 1, arbitrary: fate("stop") },
      { weight: 1, arbitrary: fc.constant<Command>({ what: "wait" }) },
    ),
    { minLength: 2, maxLength: 12 },
  )
  .chain((rest) => publish.map((first): readonly Command[] => [{ what: "join" }, first, ...rest]));

/** One line for people. */
export function describe(command: Command): string {
  switch (command.what) {
    case "publish":
      return `publish to ${command.target}${command.target === "lanes" ? `, key ${command.key}` : ""}${command.isDelayed ? ", delayed" : ""}${command.losesConfirm ? ", confirmation lost" : ""}`;
    case "answer":
      return `answer message ${command.message}: ${command.answer}`;
    case "crash":
    case "cut":
    case "stop":
      return `${command.what} member ${command.member}`;
    case "join":
    case "wait":
      return command.what;
  }
}
