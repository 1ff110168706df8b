export { ok, err } from './result.ts';
export type { Result } from './result.ts';

export {
  FIRST_ASSIGNED_ID,
  MONEY_NONE,
  NONE,
  N_MAX,
  REF_TAPE_MAX,
  TWO_32,
  UNIX_EPOCH,
  epochAt,
  fromUnixNs,
  isN,
  toUnixNs,
} from './scalars.ts';
export type { Epoch } from './scalars.ts';

export {
  DENIAL_CODES,
  REJECT_CODES,
  RISK_RULES,
  VOCABULARIES,
  codeOfName,
  nameOfCode,
} from './vocabulary.ts';
export type { Vocabulary, VocabularyName } from './vocabulary.ts';

export { BLANK, Kind } from './generated/events.ts';
export type * from './generated/events.ts';

export {
  HEADER_WORDS,
  LAYOUTS,
  isDraft,
  kindName,
  layoutOfCode,
  layoutOfName,
  priorityOf,
} from './layout.ts';
export type { Field, KindLayout } from './layout.ts';
export type { Family, KindDefinition, Status } from './definition.ts';

export {
  FLAG_BAD_BOOK,
  FLAG_BAD_TIME,
  FLAG_INFERRED,
  FLAG_LAST,
  FLAG_NAMES,
  FLAG_SNAPSHOT,
  RECORD_BYTES_MAX,
  RECORD_WORDS_MAX,
  SIDE_BUY,
  SIDE_MASK,
  SIDE_SELL,
  createRecordOut,
  getHash,
  getM,
  getN,
  getRefSeq,
  getRefTape,
  getT,
  recordFlags,
  recordInstrument,
  recordKind,
  recordSource,
  recordWords,
  reserveWords,
  viewRecords,
} from './record.ts';
export type { RecordBuffer, RecordOut } from './record.ts';

export { RECORD_FAULTS, checkHeader, recordFault } from './check.ts';
export type { RecordFault, RecordFaultCode } from './check.ts';
export { checkRecord, checkTime, decodeEvent, encodeEvent } from './codec.ts';
export { checkBody } from './generated/codec.ts';

export {
  JSON_DEPTH_MAX,
  canonicalJson,
  canonicalText,
  parseCanonicalJson,
  parseCanonicalObject,
} from './canonical-json.ts';
export type { JsonError, JsonObject, JsonValue } from './canonical-json.ts';
export { decodeUtf8, encodeUtf8, utf8Length, writeUtf8 } from './utf8.ts';
export {
  TABLE_NAMES,
  applyDefine,
  asciiJson,
  createTables,
  defineFields,
  nameOfIndex,
  quoteText,
} from './tables.ts';
export type { DefineError, DefineTable, DefineTables, Definition, TableName } from './tables.ts';
export { createTextOut, putBytes, putText, reserveText } from './text-out.ts';
export type { TextOut } from './text-out.ts';
export { createTextNames, formatRecord, resetTextNames } from './text-format.ts';
export type { TextNames } from './text-format.ts';
export { addLineName, createLineParser, parseLine } from './text-parse.ts';
export type { LineFault, LineFaultCode, LineParser } from './text-parse.ts';
export { fromBase64, toBase64 } from './base64.ts';
