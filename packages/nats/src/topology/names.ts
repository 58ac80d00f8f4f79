/*
 * What things are called on the server. Contract names are `[A-Za-z0-9._-]`; streams and consumers may have no dots, and
 * an equals sign takes their place: no two names become one. Subjects keep the dots, and the name stands at the end, so
 * that a wildcard for the lane never reaches into another name.
 */
/** Whether a name can be a part of subjects and streams: no wildcards, spaces or empty tokens. */
export function isPlain(name: string): boolean {
  return /^[\w-]+(?:\.[\w-]+)*$/.test(name);
}

function word(name: string): string {
  return name.replaceAll(".", "=");
}

/** What has no lane stands under this token. */
const NO_LANE = "-";

/** The stream that keeps who owns a lane. */
export const LANES_STREAM = "waybill-lanes";
export const LANES_SUBJECTS = "waybill.lane.>";

export function queueStream(name: string): string {
  return `queue-${word(name)}`;
}

export function topicStream(name: string): string {
  return `topic-${word(name)}`;
}

export function deadLettersStream(service: string): string {
  return `dead-letters-${word(service)}`;
}

/** The durable consumer of a queue or a service's dead letters. */
export const OWNER = "owner";

/** The durable consumer of a lane, or of all where there are none. */
export function consumerName(base: string, lane: number | undefined): string {
  return lane === undefined ? base : `${base}~${lane}`;
}

/** The durable consumers of a group have this in common. */
export function groupConsumer(group: string): string {
  return word(group);
}

/** A lane, or what has none; without an argument, all of them. */
type LaneToken = number | undefined | "*";

function token(lane: LaneToken): string {
  return lane === undefined ? NO_LANE : String(lane);
}

export function queueSubject(name: string, lane: LaneToken): string {
  return `waybill.queue.${token(lane)}.${name}`;
}

export function topicSubject(name: string, lane: LaneToken): string {
  return `waybill.topic.${token(lane)}.${name}`;
}

/** Of a topic, for one of its groups alone. */
export function groupSubject(topic: string, group: string, lane: LaneToken): string {
  return `waybill.group.${token(lane)}.${group === "*" ? group : word(group)}.${topic}`;
}

export function deadLettersSubject(service: string): string {
  return `waybill.dead-letters.${service}`;
}

/** What the lanes of one source have in common, as two tokens of a subject. */
export function lanesWord(stream: string, base: string): string {
  return `${stream}.${base}`;
}

/** Where the owner of a lane says so; `*` for all lanes. */
export function ownerSubject(lanes: string, lane: number | "*"): string {
  return `waybill.lane.${lanes}.${lane}`;
}

/** Where the members that share lanes tell each other that they are there. */
export function membersSubject(lanes: string): string {
  return `waybill.members.${lanes}`;
}

/** Where the services that read a queue tell each other their names. */
export function ownersSubject(stream: string): string {
  return `${OWNERS}${stream}`;
}

/** Whether a subject serves warnings alone: a user who may not use it can work all the same. */
export function isForWarnings(subject: string): boolean {
  return subject.startsWith(OWNERS);
}

const OWNERS = "waybill.owners.";
