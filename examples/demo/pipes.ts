/** The reader of a pipe may leave before all is written, as `head` does: the rest is then written for nobody. */
export function endQuietly(output: NodeJS.WriteStream): void {
  output.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE" && error.code !== "ERR_STREAM_DESTROYED") throw error;
  });
}
