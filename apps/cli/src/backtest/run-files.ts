/** Files for other programs: a row a fill, a row a sample of profit. Amounts are exact decimal text. */
import type { Backtest } from '@truetape/backtest';
import { Kind, NONE, nameOfCode, toUnixNs } from '@truetape/contracts';
import type { CashFlow, Event, Fill } from '@truetape/contracts';
import { createFileSink } from '@truetape/host';
import type { OpenSink } from '@truetape/host';
import { formatDecimal, formatQuanta } from '@truetape/kernel';
import type { Cell, TableColumn } from '@truetape/tape';
import type { RowsOutput } from '../outputs/parquet-output.ts';
import { column, loadRows } from '../outputs/row-file.ts';
import { equityColumns, writeEquity } from './equity-rows.ts';
import type { RunListener } from './run.ts';

/** `fee` is what was paid, a rebate below zero; `realised` is in `asset`; `position` is the account's behind it. */
const FILL_COLUMNS: readonly TableColumn[] = [
  column('seq', 'int'),
  column('timeNs', 'time'),
  column('venueTimeNs', 'time', false),
  column('instrument', 'text'),
  column('side', 'text'),
  column('price', 'text'),
  column('quantity', 'text'),
  column('liquidity', 'text'),
  column('assumption', 'text'),
  column('orderId', 'int'),
  column('tradeId', 'int', false),
  column('asset', 'text'),
  column('realised', 'text'),
  column('fee', 'text'),
  column('feeAsset', 'text', false),
  column('position', 'text'),
  column('strategy', 'text'),
];

interface FillsFile {
  readonly event: (backtest: Backtest, event: Event, seq: number) => void;
  readonly end: (backtest: Backtest) => void;
}

/** A fill whose cash has not all been told. */
interface OpenFill {
  readonly seq: number;
  readonly fill: Fill;
  /** Of its instrument, in units of the settle asset, before it. */
  readonly realisedBefore: bigint;
  readonly strategy: string;
  fee: bigint;
  feeAsset: number;
}

const FEES = new Set(['fee', 'rebate']);

function fillCells({ universe, engine, epoch }: Backtest, open: OpenFill): Cell[] {
  const { seq, fill, realisedBefore, fee, feeAsset } = open;
  const { id, terms, settle } = universe.instruments.find(({ index }) => index === fill.instrument)!;
  const isMaker = fill.makerOrderId !== NONE;
  const aggressor = fill.flags >>> 4;
  const isBuy = (isMaker ? 3 - aggressor : aggressor) === 1;
  const position = engine.account.ledger.positions[fill.instrument]!;
  const asset = universe.assets.find(({ index }) => index === settle)!;
  const paidIn = universe.assets.find(({ index }) => index === feeAsset);
  const held = engine.runs.reduce((sum, run) => sum + (run.positions[fill.instrument] ?? 0), 0);
  return [
    seq,
    toUnixNs(fill.timeNs, epoch),
    fill.matchTime === NONE ? undefined : toUnixNs(fill.matchTime, epoch),
    id,
    isBuy ? 'buy' : 'sell',
    formatQuanta(terms.price, fill.priceTicks),
    formatQuanta(terms.qty, fill.qtyLots),
    isMaker ? 'maker' : 'taker',
    nameOfCode('basis', fill.basis),
    isMaker ? fill.makerOrderId : fill.takerOrderId,
    fill.tradeId === NONE ? undefined : fill.tradeId,
    asset.code,
    formatDecimal(position.realised - realisedBefore, asset.scale),
    paidIn === undefined ? '0' : formatDecimal(fee, paidIn.scale),
    paidIn?.code,
    formatQuanta(terms.qty, held),
    open.strategy,
  ];
}

/** Each fill is a row once its cash has been told: that follows it at once. */
function fillsFile(file: RowsOutput): FillsFile {
  let open: OpenFill | undefined;
  const close = (backtest: Backtest): void => {
    if (open !== undefined) file.row(fillCells(backtest, open));
    open = undefined;
  };
  const isOfOpen = (event: Event): event is CashFlow =>
    event.kind === Kind.CashFlow && event.causeTape === 0 && event.cause === open?.seq;
  return {
    event: (backtest, event, seq) => {
      if (isOfOpen(event)) {
        if (!FEES.has(nameOfCode('cashReason', event.reason))) return;
        open!.fee -= event.amount;
        open!.feeAsset = event.asset;
        return;
      }
      close(backtest);
      if (event.kind !== Kind.Fill) return;
      const realisedBefore = backtest.engine.account.ledger.positions[event.instrument]!.realised;
      const { own, runs } = backtest.engine;
      const order = own.get(event.makerOrderId === NONE ? event.takerOrderId : event.makerOrderId)!;
      const strategy = runs[order.strategy].name;
      open = { seq, fill: { ...event }, realisedBefore, strategy, fee: 0n, feeAsset: 0 };
    },
    end: (backtest) => {
      close(backtest);
      file.end();
    },
  };
}

/** Opens one more; where that fails, the first is dropped. */
function besides(
  first: OpenSink | undefined,
  path: string | undefined,
  force: boolean,
): OpenSink | undefined {
  try {
    return path === undefined ? undefined : createFileSink(path, { force });
  } catch (error) {
    first?.abandon();
    throw error;
  }
}

/** The files of a run; dropped where it fails. */
export interface RunFiles extends RunListener {
  readonly abandon: () => void;
}

/** Opens the files that are asked for. Throws `OutputError`, and a usage failure for a name that says no form. */
export async function openRunFiles(plan: {
  readonly fills: string | undefined;
  readonly equity: string | undefined;
  readonly force: boolean;
}): Promise<RunFiles | undefined> {
  const { fills, equity, force } = plan;
  if (fills === undefined && equity === undefined) return undefined;
  // All of what cannot be written is told before the run.
  const makeFills = fills === undefined ? undefined : await loadRows(fills, '--fills');
  const makeEquity = equity === undefined ? undefined : await loadRows(equity, '--equity');
  const fillsSink = fills === undefined ? undefined : createFileSink(fills, { force });
  const equitySink = besides(fillsSink, equity, force);
  const rows =
    fillsSink === undefined
      ? undefined
      : fillsFile(makeFills!(fillsSink, { name: 'fills', columns: FILL_COLUMNS }));
  return {
    event: (backtest, event, seq) => rows?.event(backtest, event, seq),
    end: ({ backtest }) => {
      rows?.end(backtest);
      if (equitySink === undefined) return;
      const table = { name: 'equity', columns: equityColumns(backtest) };
      writeEquity(makeEquity!(equitySink, table), backtest);
    },
    commit: () => {
      fillsSink?.commit();
      equitySink?.commit();
    },
    abandon: () => {
      fillsSink?.abandon();
      equitySink?.abandon();
    },
  };
}
