/** Makes a writer of RFC 3339 times in UTC that formats each millisecond once: formatting costs a microsecond. */
export function createIsoTime(): (milliseconds: number) => string {
  let last = Number.NaN;
  let text = "";
  return (milliseconds) => {
    if (milliseconds !== last) {
      last = milliseconds;
      text = new Date(milliseconds).toISOString();
    }
    return text;
  };
}
