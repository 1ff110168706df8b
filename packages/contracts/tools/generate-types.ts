import { LAYOUTS } from '../src/layout.ts';
import type { Field, KindLayout } from '../src/layout.ts';
import { fieldDoc } from '../src/field-docs.ts';

/** A member of an event object: what a field becomes in memory. */
export interface Member {
  readonly name: string;
  readonly type: 'number' | 'bigint' | 'string' | 'Uint8Array';
  /** Source text of the value when absent. */
  readonly absent: string;
}

/** Members that a field becomes: a `ref` is two, everything else one. */
export function membersOf(field: Field): Member[] {
  switch (field.type) {
    case 'ref':
      return [
        { name: field.name, type: 'number', absent: 'NONE' },
        { name: `${field.name}Tape`, type: 'number', absent: '0' },
      ];
    case 'm':
      return [{ name: field.name, type: 'bigint', absent: field.optional ? 'MONEY_NONE' : '0n' }];
    case 'hash':
      return [{ name: field.name, type: 'string', absent: "''" }];
    case 'n':
    case 'q':
    case 'id':
    case 't':
      return [{ name: field.name, type: 'number', absent: field.optional ? 'NONE' : '0' }];
    case 'u':
      return [{ name: field.name, type: 'number', absent: '0' }];
  }
}

/** Member that a kind's payload becomes. */
export function payloadMember(layout: KindLayout): Member | undefined {
  if (layout.payload === undefined) return undefined;
  const { name, type } = layout.payload;
  if (type === 'bytes') return { name, type: 'Uint8Array', absent: 'NO_BYTES' };
  return { name, type: 'string', absent: type === 'json' ? "'{}'" : "''" };
}

/** All members of a kind's event object behind the header's. */
export function eventMembers(layout: KindLayout): Member[] {
  const payload = payloadMember(layout);
  return [...layout.fields.flatMap(membersOf), ...(payload === undefined ? [] : [payload])];
}

function docOf(layout: KindLayout, name: string): string {
  const field = layout.fields.find((entry) => entry.name === name);
  if (field !== undefined) return fieldDoc(layout, field);
  if (name.endsWith('Tape')) return 'Tape of the cause: 0 this one, k the k-th parent of the header.';
  return layout.payload?.type === 'json' ? 'Canonical JSON of an object.' : 'The payload.';
}

function typeSource(layout: KindLayout): string {
  const members = eventMembers(layout).map(
    (member) => `  /** ${docOf(layout, member.name)} */\n  readonly ${member.name}: ${member.type};`,
  );
  const extension =
    layout.payload === undefined
      ? ['  /** Tail words of a later version, as hex; empty for none. */\n  readonly ext: string;']
      : [];
  return [
    `/** ${layout.definition.doc} */`,
    `export interface ${layout.name} extends EventHeader {`,
    `  readonly kind: typeof Kind.${layout.name};`,
    ...members,
    ...extension,
    '}',
  ].join('\n');
}

function blankSource(layout: KindLayout): string {
  const values = eventMembers(layout).map((member) => `  ${member.name}: ${member.absent},`);
  return [
    `const BLANK_${layout.name}: ${layout.name} = {`,
    `  kind: Kind.${layout.name},`,
    '  ...BLANK_HEADER,',
    ...values,
    ...(layout.payload === undefined ? ["  ext: '',"] : []),
    '};',
  ].join('\n');
}

/** Source of generated/events.ts: one interface a kind, their union, and events with every field absent. */
export function typesSource(): string {
  const names = LAYOUTS.map((layout) => layout.name);
  return `// Generated from src/kinds by tools/generate.ts; do not edit.
import { MONEY_NONE, NONE } from '../scalars.ts';

const NO_BYTES: Uint8Array = new Uint8Array(0);

/** Codes of all kinds. \`Unknown\` marks, in memory, a record whose kind this build does not know. */
export const Kind = {
  Unknown: 0,
${LAYOUTS.map((layout) => `  ${layout.name}: 0x${layout.code.toString(16).padStart(2, '0')},`).join('\n')}
} as const;

/** What every event has. */
export interface EventHeader {
  /** Position on the tape; NONE until it has one. */
  readonly seq: number;
  /** When we had it: ns since the reader's epoch. */
  readonly timeNs: number;
  /** Bits FLAG_… and SIDE_…. */
  readonly flags: number;
  /** Index by Define; 0 for none. */
  readonly instrument: number;
  /** Index by Define of who emitted it; 0 for none. */
  readonly source: number;
}

/** A record of a kind that this build does not know, kept verbatim. */
export interface UnknownEvent extends EventHeader {
  readonly kind: typeof Kind.Unknown;
  readonly code: number;
  /** The words behind the header, as hex. */
  readonly body: string;
}

${LAYOUTS.map(typeSource).join('\n\n')}

/** Everything that can stand on a tape. */
export type Event =
  | UnknownEvent
${names.map((name) => `  | ${name}`).join('\n')};

const BLANK_HEADER = { seq: NONE, timeNs: 0, flags: 0, instrument: 0, source: 0 };

${LAYOUTS.map(blankSource).join('\n\n')}

/** An event of each kind with every field absent or 0: the start of every literal (\`{...BLANK.Trade, …}\`). */
export const BLANK = {
${names.map((name) => `  ${name}: BLANK_${name},`).join('\n')}
} as const;
`;
}
