/** What the output tape of a backtest comes to, under the names that its report has. */
import { Kind, TWO_32, decodeEvent, nameOfCode } from '@truetape/contracts';
import type { DefineTables, Event, JsonObject, JsonValue } from '@truetape/contracts';
import { nodePorts } from '@truetape/host';
import { formatDecimal } from '@truetape/kernel';
import { createLedgerFold, entryFineOf, foldLedgerEvent, unrealisedOf } from '@truetape/ledger';
import type { LedgerFold } from '@truetape/ledger';
import { createDecoder, createReader, openedTape } from '@truetape/tape';
import type { TapeReader } from '@truetape/tape';
import { CliFailure, EXIT } from '../failure.ts';
import { openTapes } from '../open-tapes.ts';
import { tapeFailure, tornFailure } from '../wording.ts';
import { BACKTEST_PRODUCER } from './run.ts';
import { countPart, createTapeParts, tapePartsJson } from './tape-parts.ts';
import type { TapeParts } from './tape-parts.ts';

/** What events add up to. */
interface Counted {
  readonly kinds: Map<number, number>;
  readonly denied: Map<string, number>;
  readonly rejected: Map<string, number>;
  maker: number;
  throttled: number;
  /** By asset, then by reason. */
  readonly cash: Map<number, Map<string, bigint>>;
  readonly parts: TapeParts;
  /** The books that its events make; undefined where they make none. */
  ledger: LedgerFold | undefined;
}

const bump = (map: Map<string, number>, key: string): void => {
  map.set(key, (map.get(key) ?? 0) + 1);
};

const DENY = 2;
const THROTTLE = 4;
const MAKER = 'maker';

function count(counted: Counted, event: Event): void {
  const { kinds, cash } = counted;
  countPart(counted.parts, event);
  if (counted.ledger !== undefined && foldLedgerEvent(counted.ledger, event) !== undefined)
    counted.ledger = undefined;
  kinds.set(event.kind, (kinds.get(event.kind) ?? 0) + 1);
  const add = (asset: number, reason: string, amount: bigint): void => {
    const sums = cash.get(asset) ?? new Map<string, bigint>();
    cash.set(asset, sums);
    sums.set(reason, (sums.get(reason) ?? 0n) + amount);
  };
  if (event.kind === Kind.RiskDecision) {
    // What is watched while it runs stops no order by itself.
    if (nameOfCode('riskPhase', event.phase) !== 'preTrade') return;
    if (event.verdict === DENY) bump(counted.denied, nameOfCode('denialCode', event.code));
    if (event.verdict === THROTTLE) counted.throttled += 1;
  } else if (event.kind === Kind.Rejected) bump(counted.rejected, nameOfCode('rejectCode', event.code));
  else if (event.kind === Kind.Fill) {
    if (nameOfCode('liquidity', event.liquidity) === MAKER) counted.maker += 1;
  } else if (event.kind === Kind.CashFlow)
    add(event.asset, nameOfCode('cashReason', event.reason), event.amount);
  else if (event.kind === Kind.FundingPaid) add(event.asset, 'funding', event.amount);
}

function startBooks(): LedgerFold | undefined {
  const made = createLedgerFold({ account: 1, equityOn: 'last', tradesKept: 0, policy: POLICY });
  return made.ok ? made.value : undefined;
}

/** What a Define of a backtest says otherwise. */
const POLICY = { roundPer: 'fill', rounding: 'halfUp' } as const;

/** What is held at the end, at the last price that the tape has: that of an own fill, for the market is not on it. */
function positionsJson({ ledger }: LedgerFold, { instrument }: DefineTables): JsonObject {
  const held = ledger.positions.flatMap((one) =>
    one === undefined || one.boughtLots + one.soldLots === 0n ? [] : [one],
  );
  return Object.fromEntries(
    held.map(({ index, tradedLots, settle, terms, realised }) => {
      const entry = entryFineOf(ledger, index);
      const text = (amount: bigint): string => formatDecimal(amount, settle.scale);
      const facts = {
        positionLots: tradedLots,
        entry: entry === undefined ? null : formatDecimal(entry, terms.fineScale),
        realised: text(realised),
        unrealisedAtLastFill: text(unrealisedOf(ledger, index)),
      };
      return [instrument.byIndex[index]?.name ?? String(index), facts] as const;
    }),
  );
}

function readAll(path: string, reader: TapeReader, allowTorn: boolean): Counted {
  const counted: Counted = {
    kinds: new Map(),
    denied: new Map(),
    rejected: new Map(),
    maker: 0,
    throttled: 0,
    cash: new Map(),
    parts: createTapeParts(),
    ledger: startBooks(),
  };
  for (let batch = reader.next(); batch !== undefined; batch = reader.next()) {
    const { records } = batch;
    let seq = batch.firstSeq;
    for (let i = batch.from; i < batch.to; i += (records.u32[i] & 0xffff) * 2) {
      const kind = (records.u32[i] >>> 16) & 0xff;
      if (kind === Kind.Skip) {
        seq += records.u32[i + 4] + records.u32[i + 5] * TWO_32;
        continue;
      }
      count(counted, decodeEvent(records, i, reader.decoder.epoch, seq));
      seq += 1;
    }
  }
  if (reader.error !== undefined) throw tapeFailure(path, reader.error);
  const { torn } = reader.end!;
  if (torn !== undefined && !allowTorn) throw tornFailure(path, torn);
  return counted;
}

const textOf = (counts: ReadonlyMap<string, number>): JsonObject => Object.fromEntries(counts);

/** Names of strategies in a run, as its header has them: one, or a list; `maker=market-maker` is the maker. */
function strategiesIn(said: JsonValue | undefined): string[] {
  return [said].flat().flatMap((one) => (typeof one === 'string' ? [one.replace(/=.*$/, '')] : []));
}

/** Reads all of it. Throws a failure for a tape that is not whole, or of something else. */
export function readTapeAccount(path: string, allowTorn: boolean): JsonObject {
  const opened = openTapes([path], { allowTorn });
  const reader = createReader(createDecoder({ ports: nodePorts, hash: true }), opened.source);
  const counted = readAll(path, reader, allowTorn);
  const { header, tables } = openedTape(reader);
  if (header.producer?.name !== BACKTEST_PRODUCER)
    throw new CliFailure(
      EXIT.usage,
      `${path}: expected the output tape of a backtest, found one of ${header.producer?.name ?? 'another'}`,
      'truetape tape diff compares any two tapes',
    );
  const { strategyName, strategyNames, ...config } = header.config ?? {};
  const names = strategiesIn(strategyNames ?? strategyName);
  const { kinds, maker, cash } = counted;
  const of = (kind: number): number => kinds.get(kind) ?? 0;
  const money = Object.fromEntries(
    [...cash].map(([index, sums]) => {
      const asset = tables.asset.byIndex[index]?.value ?? {};
      const scale = Number(asset['scale'] ?? 0);
      const texts = [...sums].map(([reason, amount]) => [reason, formatDecimal(amount, scale)] as const);
      const { code } = asset;
      return [typeof code === 'string' ? code : String(index), Object.fromEntries(texts)];
    }),
  );
  const [input] = header.parents ?? [];
  return {
    seed: header.seed ?? null,
    strategies: names,
    config,
    input: input === undefined ? {} : { hash: input.hash, count: input.count },
    orders: {
      intents: of(Kind.Intent),
      targets: of(Kind.Target),
      denied: textOf(counted.denied),
      throttled: counted.throttled,
      sent: of(Kind.NewOrder),
      cancels: of(Kind.CancelOrder),
      amends: of(Kind.AmendOrder),
      accepted: of(Kind.Accepted),
      rejected: textOf(counted.rejected),
      canceled: of(Kind.Canceled),
      expired: of(Kind.Expired),
    },
    fills: { count: of(Kind.Fill), maker, taker: of(Kind.Fill) - maker },
    cash: money,
    ...(counted.ledger === undefined ? {} : { positions: positionsJson(counted.ledger, tables) }),
    ...(names.length < 2 ? {} : { byStrategy: tapePartsJson(counted.parts, tables, names) }),
    control: { killSwitches: of(Kind.KillSwitch), operatorCommands: of(Kind.OperatorCommand) },
    output: { events: reader.end!.count ?? null, hash: reader.end!.hash ?? null },
  };
}
