import type pc from "picocolors";
import type { Entry } from "./journal.ts";

/** The colours of a tree. */
export type Colors = Pick<typeof pc, "bold" | "dim" | "cyan">;

/** A message and the messages that it caused. */
export interface Cause {
  readonly entry: Entry;
  readonly effects: readonly Cause[];
}

/** Returns the trees of all conversations, from correlation and causation ids alone. */
export function trees(entries: readonly Entry[]): readonly Cause[] {
  const effects = new Map<string, Entry[]>();
  const roots: Entry[] = [];
  for (const entry of entries) {
    const { causationId } = entry.envelope;
    const siblings = causationId === undefined ? roots : (effects.get(causationId) ?? []);
    siblings.push(entry);
    if (causationId !== undefined) effects.set(causationId, siblings);
  }
  const grow = (entry: Entry): Cause => ({
    entry,
    effects: inOrder(effects.get(entry.envelope.id) ?? []).map(grow),
  });
  return roots.map(grow);
}

/** Sorts by name, because the order in which services react differs by broker. */
function inOrder(entries: readonly Entry[]): readonly Entry[] {
  return entries.toSorted((a, b) => label(a).localeCompare(label(b)));
}

function label({ envelope }: Entry): string {
  return `${envelope.type} ${envelope.source} ${JSON.stringify(envelope.data)}`;
}

/** Returns a tree as lines of text. */
export function draw(cause: Cause, colors: Colors): readonly string[] {
  const below = cause.effects.flatMap((effect, at) => {
    const isLast = at === cause.effects.length - 1;
    return draw(effect, colors).map(
      (line, row) => colors.dim(row === 0 ? (isLast ? "└─ " : "├─ ") : isLast ? "   " : "│  ") + line,
    );
  });
  return [headline(cause.entry, colors), ...below];
}

function headline({ envelope, handledBy }: Entry, colors: Colors): string {
  const readers = handledBy.size === 0 ? "nobody yet" : [...handledBy].toSorted().join(", ");
  return `${colors.bold(envelope.type)} ${colors.dim(`from ${envelope.source}, handled by`)} ${colors.cyan(readers)}`;
}
