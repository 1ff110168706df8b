import type { VocabularyName } from './vocabulary.ts';

/**
 * The form in which a kind of event is declared, once. Encoder, decoder, checker, text form, JSON form,
 * documentation and schema all follow from these declarations.
 */
export interface KindDefinition {
  readonly code: number;
  readonly name: string;
  readonly family: Family;
  readonly status: Status;
  /** Rank among events of the same time (contracts: order of simultaneous things). */
  readonly priority: number;
  readonly doc: string;
  /** Words that are always written, from W2. */
  readonly base: readonly Word[];
  /** Words that are written only up to the last one that differs from its default. */
  readonly tail: readonly Word[];
  /** Bytes after the fixed part; a kind with a payload has no tail. */
  readonly payload?: Payload;
  /** What no field can say alone. A frozen kind never gets another: records that were valid stay so. */
  readonly rules?: readonly Rule[];
}

export type Family =
  | 'meta'
  | 'command'
  | 'fact'
  | 'market'
  | 'feed'
  | 'decision'
  | 'ledger'
  | 'reconciliation'
  | 'control';

/** F: frozen, its bytes never change (CONTRACTS-7). D: draft. */
export type Status = 'F' | 'D';

/** `q` and `id` are `n` without negative values: quantities, counts and seqs; identities. */
export type ScalarType = 'n' | 'q' | 'id' | 't' | 'm' | 'ref' | 'hash';

/** A field of whole words: `m` takes two, `hash` four, the others one. */
export interface ScalarWord {
  readonly form: 'scalar';
  readonly name: string;
  readonly type: ScalarType;
  /** May be absent. A tail word that may not be absent defaults to 0. */
  readonly optional: boolean;
}

/** A word shared by several small unsigned fields, lowest bits first. */
export interface PackWord {
  readonly form: 'pack';
  readonly parts: readonly Part[];
}

export type Word = ScalarWord | PackWord;

/** What the number in a packed field means: a plain number, a vocabulary's code, or an index of a Define table. */
export type PartRole = 'number' | 'account' | 'asset' | 'label' | 'code';

/** A packed field; one without a name is reserved and must be zero. */
export interface Part {
  readonly name: string;
  readonly bits: number;
  readonly role: PartRole;
  readonly vocabulary?: VocabularyName;
}

export interface Payload {
  readonly name: string;
  readonly type: 'json' | 'text' | 'bytes';
  /** The packed field that holds the exact byte length. */
  readonly lengthPart: string;
}

/** A rule on several fields or on the flags. All but `own` are written out in the checker of their kind. */
export type Rule =
  /** The flags say buy or sell. */
  | { readonly form: 'sided' }
  /** One of two optional numbers is present, and not both: the first in the base, the second in the tail. */
  | { readonly form: 'oneOf'; readonly fields: readonly [string, string] }
  /** A base number is 0 where an optional one of the base is absent. */
  | { readonly form: 'zeroWithout'; readonly field: string; readonly other: string }
  /** A function of src/rules.ts. */
  | { readonly form: 'own'; readonly name: string };

export const SIDED: Rule = { form: 'sided' };
export const oneOf = (...fields: [string, string]): Rule => ({ form: 'oneOf', fields });
export const zeroWithout = (field: string, other: string): Rule => ({ form: 'zeroWithout', field, other });
export const own = (name: string): Rule => ({ form: 'own', name });

function scalar(type: ScalarType, name: string): ScalarWord {
  const optional = name.endsWith('?');
  return { form: 'scalar', type, name: optional ? name.slice(0, -1) : name, optional };
}

/** A trailing `?` in the name of these means: may be absent. */
export const n = (name: string): ScalarWord => scalar('n', name);
export const q = (name: string): ScalarWord => scalar('q', name);
export const id = (name: string): ScalarWord => scalar('id', name);
export const t = (name: string): ScalarWord => scalar('t', name);
export const m = (name: string): ScalarWord => scalar('m', name);
export const hash = (name: string): ScalarWord => scalar('hash', name);
/** W2 of all commands, facts, decisions, ledger, reconciliation and control records (CONTRACTS-2). */
export const CAUSE: ScalarWord = scalar('ref', 'cause?');

function part(bits: number, name: string, vocabulary?: VocabularyName): Part {
  const role: PartRole =
    vocabulary !== undefined ? 'code' : name === 'account' || name === 'asset' ? name : 'number';
  return vocabulary === undefined ? { name, bits, role } : { name, bits, role, vocabulary };
}

export const u8 = (name: string, vocabulary?: VocabularyName): Part => part(8, name, vocabulary);
export const u16 = (name: string, vocabulary?: VocabularyName): Part => part(16, name, vocabulary);
export const u32 = (name: string): Part => part(32, name);
/** The index of a label, an account under another name than `account`, and so on. */
export const label = (name: string): Part => ({ name, bits: 16, role: 'label' });
export const account = (name: string): Part => ({ name, bits: 32, role: 'account' });
/** Bits that must be zero. */
export const pad = (bits: number): Part => ({ name: '', bits, role: 'number' });

/** A word of small fields; their widths must add up to 64 bits (a layout test holds it). */
export function pack(...parts: Part[]): PackWord {
  return { form: 'pack', parts };
}
