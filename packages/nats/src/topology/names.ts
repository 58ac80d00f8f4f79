/*
 * The names of streams, consumers and subjects. Contract names consist of `[A-Za-z0-9._-]`. Names of streams and consumers
 * may have no dots, so an equals sign replaces each; different names stay different. Subjects keep the dots. They end with
 * the name, so that a wildcard for the lane never matches a part of another name.
 */

/** Returns whether a name can be a part of subjects and streams: it has no wildcards, spaces or empty tokens. */
export function isPlain(name: string): boolean {
  return /^[\w-]+(?:\.[\w-]+)*$/.test(name);
}

function withoutDots(name: string): string {
  return name.replaceAll(".", "=");
}

/** The token in place of a lane in the subjects of a source without lanes. */
const NO_LANE = "-";

/** The stream that keeps the owner of each lane. */
export const LANES_STREAM = "waybill-lanes";
export const LANES_SUBJECTS = "waybill.lane.>";

export function queueStream(name: string): string {
  return `queue-${withoutDots(name)}`;
}

export function topicStream(name: string): string {
  return `topic-${withoutDots(name)}`;
}

export function deadLettersStream(service: string): string {
  return `dead-letters-${withoutDots(service)}`;
}

/** The name of the durable consumer of a queue, or of the dead letters of a service. */
export const OWNER = "owner";

/** Returns the name of the durable consumer of a lane, or of a source without lanes. */
export function consumerName(base: string, lane: number | undefined): string {
  return lane === undefined ? base : `${base}~${lane}`;
}

/** Returns the common part of the names of a group's durable consumers. */
export function groupConsumer(group: string): string {
  return withoutDots(group);
}

/** A lane, `undefined` for a source without lanes, or `*` for all lanes. */
type LaneToken = number | undefined | "*";

function laneToken(lane: LaneToken): string {
  return lane === undefined ? NO_LANE : String(lane);
}

export function queueSubject(name: string, lane: LaneToken): string {
  return `waybill.queue.${laneToken(lane)}.${name}`;
}

export function topicSubject(name: string, lane: LaneToken): string {
  return `waybill.topic.${laneToken(lane)}.${name}`;
}

/** Returns the subject of a topic for messages to one of its groups. */
export function groupSubject(topic: string, group: string, lane: LaneToken): string {
  return `waybill.group.${laneToken(lane)}.${group === "*" ? group : withoutDots(group)}.${topic}`;
}

export function deadLettersSubject(service: string): string {
  return `waybill.dead-letters.${service}`;
}

/** Returns the two tokens that the lane subjects of one source have in common. */
export function lanesToken(stream: string, base: string): string {
  return `${stream}.${base}`;
}

/** Returns the subject on which the owner of a lane claims it; `*` for all lanes. */
export function ownerSubject(lanes: string, lane: number | "*"): string {
  return `waybill.lane.${lanes}.${lane}`;
}

/** Returns the subject on which the members that share lanes announce themselves. */
export function membersSubject(lanes: string): string {
  return `waybill.members.${lanes}`;
}

/** Returns the subject on which the services that read a queue announce their names. */
export function readersSubject(stream: string): string {
  return `${READERS}${stream}`;
}

/** Returns whether a subject serves only warnings. A user without permission for it can still send and consume. */
export function isWarningSubject(subject: string): boolean {
  return subject.startsWith(READERS);
}

const READERS = "waybill.owners.";
