import fc from "fast-check";

/** The destination of a message: an unordered queue, a queue with lanes, or a topic with two groups. */
export type Destination = "queue" | "lanes" | "topic";
export type Answer = "ack" | "retry" | "retry later" | "dead-letter" | "release";

/**
 * One step of a sequence. Members and messages are numbered in the order of their creation; a command that names a missing
 * member or message does nothing.
 */
export type Command =
  | {
      readonly what: "publish";
      readonly destination: Destination;
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
  destination: fc.constantFrom<Destination>("queue", "lanes", "topic"),
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
const fault = (what: "crash" | "cut" | "stop"): fc.Arbitrary<Command> =>
  fc.record({ what: fc.constant(what), member });

/** Generates sequences of commands that begin with a join and a publish. */
export const sequences: fc.Arbitrary<readonly Command[]> = fc
  .array(
    fc.oneof(
      { weight: 5, arbitrary: publish },
      { weight: 7, arbitrary: answer },
      { weight: 2, arbitrary: fc.constant<Command>({ what: "join" }) },
      { weight: 1, arbitrary: fault("crash") },
      { weight: 1, arbitrary: fault("cut") },
      { weight: 1, arbitrary: fault("stop") },
      { weight: 1, arbitrary: fc.constant<Command>({ what: "wait" }) },
    ),
    { minLength: 2, maxLength: 12 },
  )
  .chain((rest) => publish.map((first): readonly Command[] => [{ what: "join" }, first, ...rest]));

/** Returns a command as one line of text. */
export function commandText(command: Command): string {
  switch (command.what) {
    case "publish":
      return `publish to ${command.destination}${command.destination === "lanes" ? `, key ${command.key}` : ""}${command.isDelayed ? ", delayed" : ""}${command.losesConfirm ? ", confirmation lost" : ""}`;
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
