import type { Contract, Messenger, Service } from "@waybill/core";
import * as told from "../../03-buy-button-events/one-more-action/contracts.ts";
import { services as owners } from "../../03-buy-button-events/one-more-action/services.ts";
import { buy as tell } from "../../03-buy-button-events/one-more-action/shop.ts";
import * as facts from "../../03-buy-button-events/contracts.ts";
import { notifications } from "../../03-buy-button-events/notifications.ts";
import { sales } from "../../03-buy-button-events/sales.ts";
import { buy as say } from "../../03-buy-button-events/shop.ts";
import { warehouse } from "../../03-buy-button-events/warehouse.ts";
import { Journal } from "../../shared/journal.ts";

/** The two options of the switch on the page. */
export const WAYS = ["commands", "events"] as const;
export type Way = (typeof WAYS)[number];

export interface Order {
  readonly orderId: number;
  readonly address: string;
}

/** The shop with commands and with events: the unchanged services of the examples. */
export interface Play {
  readonly services: readonly Service[];
  /** The contracts of all messages. */
  readonly contracts: readonly Contract[];
  /** The BUY button. */
  readonly buy: (bus: Messenger, order: Order) => Promise<unknown>;
}

const unwritten = (): void => undefined;

export const PLAYS: Readonly<Record<Way, Play>> = {
  commands: { services: owners(new Journal()), contracts: Object.values(told), buy: tell },
  events: {
    services: [warehouse(unwritten), notifications(unwritten), sales(unwritten)],
    contracts: Object.values(facts),
    buy: say,
  },
};

/** The services that get a message of this type. */
export function receiversOf(way: Way, type: string): readonly string[] {
  return PLAYS[way].services
    .filter(({ handlers }) => handlers.some(({ contract }) => contract.name === type))
    .map(({ name }) => name);
}
