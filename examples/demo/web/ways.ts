import type { Contract, Messenger, Service } from "@waybill/core";
import * as commandContracts from "../../03-buy-button-events/one-more-action/contracts.ts";
import { services as owners } from "../../03-buy-button-events/one-more-action/services.ts";
import { buy as buyWithCommands } from "../../03-buy-button-events/one-more-action/shop.ts";
import * as eventContracts from "../../03-buy-button-events/contracts.ts";
import { notifications } from "../../03-buy-button-events/notifications.ts";
import { sales } from "../../03-buy-button-events/sales.ts";
import { buy as buyWithEvents } from "../../03-buy-button-events/shop.ts";
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
export interface Variant {
  readonly services: readonly Service[];
  /** The contracts of all messages. */
  readonly contracts: readonly Contract[];
  /** The BUY button. */
  readonly buy: (bus: Messenger, order: Order) => Promise<unknown>;
}

const noNote = (): void => undefined;

export const VARIANTS: Readonly<Record<Way, Variant>> = {
  commands: {
    services: owners(new Journal()),
    contracts: Object.values(commandContracts),
    buy: buyWithCommands,
  },
  events: {
    services: [warehouse(noNote), notifications(noNote), sales(noNote)],
    contracts: Object.values(eventContracts),
    buy: buyWithEvents,
  },
};

/** The services that get a message of this type. */
export function receiversOf(way: Way, type: string): readonly string[] {
  return VARIANTS[way].services
    .filter(({ handlers }) => handlers.some(({ contract }) => contract.name === type))
    .map(({ name }) => name);
}
