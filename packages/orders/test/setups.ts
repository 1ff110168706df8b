/** Ways into every state, with different pasts: what the exhaustive test begins with. */
import { apply, createOrders } from '@truetape/orders';
import type { OrderEvent, OrderInput, OrderState, Orders } from '@truetape/orders';

export const ID = 1;

type Told = Exclude<OrderEvent, 'submit'>;

/** One input of each kind; quantities of an order of 10. */
export function inputOf(event: OrderEvent, qtyLots = 1, tradeId?: number): OrderInput {
  switch (event) {
    case 'submit':
      return { event, orderId: ID, qtyLots: 10, priceTicks: 100 };
    case 'fill':
      return { event, orderId: ID, qtyLots, priceTicks: 100, ...(tradeId === undefined ? {} : { tradeId }) };
    case 'replaceRequest':
      return { event, orderId: ID, priceTicks: 101 };
    case 'amended':
      return { event, orderId: ID, priceTicks: 99 };
    default:
      return { event, orderId: ID };
  }
}

/** Events after the submission; `fill7` is a fill of 7. */
export interface Setup {
  readonly state: OrderState;
  readonly path: readonly (Told | `fill${number}`)[];
  readonly unsubmitted?: true;
}

const setup = (state: OrderState, ...path: Setup['path']): Setup => ({ state, path });

export const SETUPS: readonly Setup[] = [
  { state: 'New', path: [], unsubmitted: true },
  setup('PendingNew'),
  setup('PendingNew', 'cancelRequest', 'cancelRejected'),
  setup('Accepted', 'accepted'),
  setup('Accepted', 'amended'),
  setup('Accepted', 'accepted', 'replaceRequest', 'replaced'),
  setup('PartiallyFilled', 'accepted', 'fill3'),
  setup('PartiallyFilled', 'fill3'),
  setup('PartiallyFilled', 'fill3', 'accepted', 'cancelRequest', 'cancelRejected'),
  setup('PendingCancel', 'cancelRequest'),
  setup('PendingCancel', 'cancelRequest', 'cancelRequest'),
  setup('PendingCancel', 'accepted', 'cancelRequest'),
  setup('PendingCancel', 'accepted', 'replaceRequest', 'cancelRequest'),
  setup('PendingCancel', 'replaceRequest', 'cancelRequest'),
  setup('PendingCancel', 'fill3', 'cancelRequest', 'replaceRequest'),
  setup('PendingCancel', 'accepted', 'fill3', 'cancelRequest'),
  setup('PendingReplace', 'replaceRequest'),
  setup('PendingReplace', 'accepted', 'replaceRequest'),
  setup('PendingReplace', 'accepted', 'replaceRequest', 'replaceRequest'),
  setup('PendingReplace', 'fill3', 'replaceRequest'),
  setup('Filled', 'accepted', 'fill10'),
  setup('Filled', 'fill10'),
  setup('Filled', 'accepted', 'cancelRequest', 'replaceRequest', 'fill10'),
  setup('Filled', 'accepted', 'canceled', 'fill10'),
  setup('Canceled', 'accepted', 'canceled'),
  setup('Canceled', 'canceled'),
  setup('Canceled', 'accepted', 'fill3', 'cancelRequest', 'cancelRequest', 'replaceRequest', 'canceled'),
  setup('Canceled', 'accepted', 'canceled', 'fill3'),
  setup('Rejected', 'rejected'),
  setup('Rejected', 'cancelRequest', 'rejected'),
  setup('Rejected', 'replaceRequest', 'rejected'),
  setup('Expired', 'accepted', 'expired'),
  setup('Expired', 'fill3', 'cancelRequest', 'replaceRequest', 'expired'),
  setup('Expired', 'expired', 'fill3'),
];

/** A store with the order in the state; throws when the path does not lead there. */
export function prepare({ state, path, unsubmitted }: Setup): Orders {
  const orders = createOrders();
  if (unsubmitted === true) return orders;
  const steps = ['submit', ...path] as const;
  for (const step of steps) {
    const input = step.startsWith('fill')
      ? inputOf('fill', Number(step.slice(4)))
      : inputOf(step as OrderEvent);
    const error = apply(orders, input);
    if (error !== undefined) throw new Error(`${state} by ${path.join(' ')}: ${error.code} at ${step}`);
  }
  return orders;
}
