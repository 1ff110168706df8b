/**
 * What a gate remembers, as plain canonical JSON, and back: the same history gives the same text, whatever
 * the machine.
 */
import { MONEY_NONE, NONE, canonicalJson, encodeUtf8, err, ok } from '@truetape/contracts';
import type { JsonObject, JsonValue, Result } from '@truetape/contracts';
import { assert, sha256Of } from '@truetape/kernel';
import type { Sha256 } from '@truetape/kernel';
import { z } from 'zod';
import { createGate } from './gate.ts';
import type { Gate, GateSetup } from './gate.ts';
import { setMoney, unitsOf } from './money.ts';
import type { Money } from './money.ts';
import { addReject, listRejects } from './rejects.ts';
import { listIds, rememberId } from './seen-ids.ts';
import type { TokenBucket } from './token-bucket.ts';

/** Version of the text and of the hash over it. */
export const RISK_STATE_VERSION = 1;

/** What is wrong with a saved state, and where. `otherSetup`: it is of a gate with other limits. */
export interface RiskStateError {
  readonly code: 'badState' | 'otherSetup';
  readonly path: string;
}

const ns = z.int();
const money = z
  .string()
  .regex(/^(0|-?[1-9][0-9]{0,60})$/)
  .nullable();
const bucket = z.strictObject({ level: z.int(), sinceNs: ns.nullable() }).nullable();
const codes = z.int().min(0).max(0xffff);

const shape = z.strictObject({
  version: z.literal(RISK_STATE_VERSION),
  setup: z.string(),
  level: z.int().min(0).max(3),
  killCode: codes,
  killRule: codes,
  lastNs: ns.nullable(),
  equity: z.strictObject({ start: money, peak: money, day: money, last: money }),
  day: z.strictObject({ fromNs: ns, toNs: ns }).nullable(),
  uncertainSinceNs: z.record(z.string(), ns),
  bucket,
  strategies: z.array(bucket),
  rejectsNs: z.array(ns),
  ids: z.array(z.int().min(0)),
  forgottenMax: z.int().min(-1),
});

/** All that a gate was made of, as text: a state goes on with nothing else. */
function setupText({ config, instruments, strategies, account, epochNs }: GateSetup): string {
  const traded = instruments.map(({ index, name, asset, terms }) => ({
    index,
    name,
    asset,
    class: terms.class,
    numerator: String(terms.numerator),
    denominator: String(terms.denominator),
    finePerTick: terms.finePerTick,
  }));
  return textOf({
    config: config as unknown as JsonObject,
    instruments: traded,
    strategies,
    account: { ...account },
    epochNs: String(epochNs),
  });
}

function textOf(value: JsonValue): string {
  const text = canonicalJson(value);
  assert(text.ok, 'RISK-6', 'a state that JSON holds');
  return text.value;
}

const orNull = (value: number): number | null => (value === NONE ? null : value);
const moneyText = ({ exact }: Money): string | null => (exact === MONEY_NONE ? null : String(exact));
const bucketJson = (one: TokenBucket | undefined): JsonValue =>
  one === undefined ? null : { level: one.level, sinceNs: orNull(one.sinceNs) };

/** The state as plain data. Complexity: O(ids and rejects that are remembered). */
export function saveGate(gate: Gate): JsonObject {
  const uncertain = gate.instruments.flatMap((one) =>
    one === undefined || one.uncertainSinceNs === NONE ? [] : [[one.index, one.uncertainSinceNs] as const],
  );
  const { startEquity, peakEquity, dayEquity, lastEquity, dayFromNs, dayToNs } = gate;
  return {
    version: RISK_STATE_VERSION,
    setup: setupText(gate.setup),
    level: gate.level,
    killCode: gate.killCode,
    killRule: gate.killRule,
    lastNs: orNull(gate.lastNs),
    equity: {
      start: moneyText(startEquity),
      peak: moneyText(peakEquity),
      day: moneyText(dayEquity),
      last: moneyText(lastEquity),
    },
    day: dayFromNs === NONE ? null : { fromNs: dayFromNs, toNs: dayToNs },
    uncertainSinceNs: Object.fromEntries(uncertain),
    bucket: bucketJson(gate.bucket),
    strategies: gate.strategies.map((one) => bucketJson(one.bucket)),
    rejectsNs: listRejects(gate.rejects),
    ids: listIds(gate.seenIds),
    forgottenMax: gate.seenIds.floor,
  };
}

/** SHA-256 over the canonical text of the state: equal histories have equal hashes. */
export function hashGate(gate: Gate, sha256: Sha256): Uint8Array {
  const bytes = encodeUtf8(textOf(saveGate(gate)));
  assert(bytes !== undefined, 'RISK-6', 'a state that JSON holds');
  return sha256Of(sha256, bytes);
}

type State = z.infer<typeof shape>;

function putMoney(to: Money, text: string | null): void {
  if (text !== null) setMoney(to, BigInt(text), unitsOf(BigInt(text)));
}

function putBucket(to: TokenBucket | undefined, from: State['bucket'] | undefined): boolean {
  if (to === undefined || from === undefined || from === null) return to === undefined && from === null;
  to.level = from.level;
  to.sinceNs = from.sinceNs ?? NONE;
  return from.level >= 0 && from.level <= to.capacity;
}

const ascends = (times: readonly number[]): boolean =>
  times.every((one, k) => k === 0 || one >= times[k - 1]);

/** Writes a state into a fresh gate; the path of what it cannot hold. */
function fill(gate: Gate, state: State): string | undefined {
  gate.level = state.level;
  gate.killCode = state.killCode;
  gate.killRule = state.killRule;
  gate.lastNs = state.lastNs ?? NONE;
  gate.dayFromNs = state.day?.fromNs ?? NONE;
  gate.dayToNs = state.day?.toNs ?? NONE;
  const { start, peak, day, last } = state.equity;
  putMoney(gate.startEquity, start);
  putMoney(gate.peakEquity, peak);
  putMoney(gate.dayEquity, day);
  putMoney(gate.lastEquity, last);
  for (const [index, sinceNs] of Object.entries(state.uncertainSinceNs)) {
    const limits = gate.instruments[Number(index)];
    if (limits === undefined) return `uncertainSinceNs.${index}`;
    limits.uncertainSinceNs = sinceNs;
  }
  if (!putBucket(gate.bucket, state.bucket)) return 'bucket';
  const budgets = gate.strategies;
  if (state.strategies.length !== budgets.length) return 'strategies';
  const bad = budgets.findIndex((one, k) => !putBucket(one.bucket, state.strategies[k]));
  if (bad >= 0) return `strategies.${bad}`;
  if (state.rejectsNs.length > gate.rejects.capacity || !ascends(state.rejectsNs)) return 'rejectsNs';
  for (const timeNs of state.rejectsNs) addReject(gate.rejects, timeNs);
  const { ids } = state;
  if (ids.length > gate.seenIds.capacity || new Set(ids).size !== ids.length) return 'ids';
  for (const id of ids) rememberId(gate.seenIds, id);
  gate.seenIds.floor = state.forgottenMax;
  return undefined;
}

/**
 * The gate that was saved. Errors: a state of another setup; one that would not be saved as it stands;
 * nothing throws. Complexity: as `saveGate`: what was read is saved again and compared.
 */
export function restoreGate(setup: GateSetup, value: unknown): Result<Gate, RiskStateError> {
  const parsed = shape.safeParse(value);
  if (!parsed.success) return err({ code: 'badState', path: parsed.error.issues[0].path.join('.') });
  const state = parsed.data;
  const made = createGate(setup);
  if (!made.ok || state.setup !== setupText(setup)) return err({ code: 'otherSetup', path: 'setup' });
  const gate = made.value;
  const path = fill(gate, state);
  if (path !== undefined) return err({ code: 'badState', path });
  const text = canonicalJson(value);
  if (!text.ok || text.value !== textOf(saveGate(gate))) return err({ code: 'badState', path: '' });
  return ok(gate);
}
