/** The lanes of something, last first: where lane 0 exists all others do, also while another process creates them. */
export function lanesOf(lanes: number | undefined): readonly (number | undefined)[] {
  return lanes === undefined ? [undefined] : Array.from({ length: lanes }, (_, at) => lanes - 1 - at);
}
