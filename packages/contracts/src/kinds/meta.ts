import { CAUSE, hash, id, label, own, pack, pad, q, u8, u16, u32 } from '../definition.ts';
import type { KindDefinition } from '../definition.ts';

/** Family 0x00: what the tape says about itself. */
export const META: readonly KindDefinition[] = [
  {
    code: 0x01,
    name: 'Define',
    family: 'meta',
    status: 'F',
    priority: 0,
    doc:
      'Gives an index of a table (instrument, source, account, asset, label) its meaning. Indexes of a ' +
      'table are dense from 1 and never redefined.',
    base: [pack(u8('table', 'table'), pad(24), u32('index')), pack(u32('jsonBytes'), pad(32))],
    tail: [],
    payload: { name: 'json', type: 'json', lengthPart: 'jsonBytes' },
    rules: [own('defineRule')],
  },
  {
    code: 0x02,
    name: 'Note',
    family: 'meta',
    status: 'F',
    priority: 0,
    doc: 'A remark for people, under an optional topic.',
    base: [CAUSE, pack(u32('utf8Bytes'), label('topic'), pad(16))],
    tail: [],
    payload: { name: 'text', type: 'text', lengthPart: 'utf8Bytes' },
  },
  {
    code: 0x03,
    name: 'Raw',
    family: 'meta',
    status: 'F',
    priority: 0,
    doc:
      'Bytes as they came from or went to the network; a message larger than one record is a run of these ' +
      'with rising offset, each within totalBytes. Outbound bytes never hold keys, signatures or cookies.',
    base: [
      CAUSE,
      pack(u8('direction', 'direction'), u8('channel', 'channel'), u16('httpStatus'), u32('byteCount')),
      pack(u32('totalBytes'), u32('offset')),
    ],
    tail: [],
    payload: { name: 'bytes', type: 'bytes', lengthPart: 'byteCount' },
    rules: [own('rawRule')],
  },
  {
    code: 0x04,
    name: 'Checkpoint',
    family: 'meta',
    status: 'F',
    priority: 11,
    doc: 'The hash of a folded state, after all events with seq below coversSeq.',
    base: [
      CAUSE,
      q('coversSeq'),
      pack(u8('scope', 'checkpointScope'), u8('hashVersion'), pad(16), pad(32)),
      hash('stateHash'),
    ],
    tail: [],
  },
  {
    code: 0x05,
    name: 'Alias',
    family: 'meta',
    status: 'F',
    priority: 0,
    doc:
      'The text that an id stands for. That of an id we assigned (2^52 or more) precedes its first use; ' +
      'beside a number of the venue’s own it may stand too, as the client’s text of an order does.',
    base: [CAUSE, id('id'), pack(u8('scope', 'aliasScope'), pad(8), pad(16), u32('utf8Bytes'))],
    tail: [],
    payload: { name: 'text', type: 'text', lengthPart: 'utf8Bytes' },
  },
  {
    code: 0x06,
    name: 'Skip',
    family: 'meta',
    status: 'F',
    priority: 0,
    doc:
      'The next count seqs are not here. Takes no seq itself, carries the time of the next record, never ' +
      'stands twice in a row and never last.',
    base: [q('count')],
    tail: [],
    rules: [own('skipRule')],
  },
];
