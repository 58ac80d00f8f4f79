/** A partition of a topic. */
export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** Returns the name of a partition in maps and messages: `orders/3`. */
export function partitionName(topic: string, partition: number): string {
  return `${topic}/${partition}`;
}
