/** Ignores the error of a pipe whose reader has closed it before everything was written, as `head` does. */
export function endQuietly(output: NodeJS.WriteStream): void {
  output.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE" && error.code !== "ERR_STREAM_DESTROYED") throw error;
  });
}
