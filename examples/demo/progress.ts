/** Shows the progress of a run: one line that is overwritten on a terminal, nothing in a pipe. */
export function progressLine(total: number, output: NodeJS.WriteStream): (done: number) => void {
  if (!output.isTTY) return () => undefined;
  return (done) => {
    output.write(`\r${done === total ? "" : `${done} of ${total} messages handled`}\u001B[K`);
  };
}
