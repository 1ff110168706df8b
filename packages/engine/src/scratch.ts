/** Events that are filled in and written again and again: no object an event. */
import { BLANK, type Event } from '@truetape/contracts';

type Blank = typeof BLANK;
type Mutable<T> = { -readonly [Field in keyof T]: T[Field] };

const KINDS = [
  'Intent',
  'Target',
  'RiskDecision',
  'NoAction',
  'NewOrder',
  'CancelOrder',
  'AmendOrder',
  'Accepted',
  'Rejected',
  'Fill',
  'Canceled',
  'Amended',
  'Expired',
  'CashFlow',
  'FundingPaid',
  'FundingRate',
  'TradingStatus',
  'Timer',
  'Bar',
  'KillSwitch',
  'OperatorCommand',
  'Checkpoint',
] as const;

export type Scratch = { readonly [Name in (typeof KINDS)[number]]: Mutable<Blank[Name]> };

export function createScratch(): Scratch {
  return Object.fromEntries(KINDS.map((name) => [name, { ...(BLANK[name] as Event) }])) as unknown as Scratch;
}
