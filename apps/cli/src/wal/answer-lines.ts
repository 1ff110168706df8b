/** What `wal serve` says: lines of reports with the seq of their command, and what became of the log before. */
import type { JsonObject } from '@truetape/contracts';
import type { BooksAnswer } from '@truetape/wal';
import { createJsonReports, createTextReports } from '../book/report-lines.ts';
import { lastSeqOf, tornJson } from './report-lines.ts';
import type { Durability } from './serve-options.ts';
import type { RecoveryReport } from '@truetape/wal';

const SEQ_COLUMNS = 8;

/** Lines of an answer, each with its LF. `cmdId` is that of the command, if it has one. */
export type AnswerLines = (answer: BooksAnswer, cmdId: string | undefined) => string;

function jsonLines({ status, seq, reports, names }: BooksAnswer, cmdId: string | undefined): string {
  const own = cmdId === undefined ? '' : `,"cmdId":${JSON.stringify(cmdId)}`;
  if (status === 'cmdIdReused') return `{"seq":${seq}${own},"event":"refused","code":"cmdIdReused"}\n`;
  const head = `{"seq":${seq}${own}${status === 'repeat' ? ',"repeated":true' : ''},`;
  const line = createJsonReports(names);
  let text = '';
  for (let k = 0; k < reports.count; k++) text += `${head}${line(reports, k).slice(1)}\n`;
  return text;
}

function textLines({ status, seq, reports, names }: BooksAnswer, cmdId: string | undefined): string {
  const column = String(seq).padStart(SEQ_COLUMNS);
  if (status === 'cmdIdReused')
    return `${column} refused   cmdId ${JSON.stringify(cmdId)} is that of another command\n`;
  const end = status === 'repeat' ? '  (repeated)' : '';
  const line = createTextReports(names);
  let text = '';
  for (let k = 0; k < reports.count; k++) text += `${column} ${line(reports, k)}${end}\n`;
  return text;
}

export function answerLines(jsonl: boolean): AnswerLines {
  return jsonl ? jsonLines : textLines;
}

/** What a log was found to be. */
export interface RecoveredLog extends Pick<
  RecoveryReport,
  'log' | 'nextSeq' | 'hash' | 'stateHash' | 'torn'
> {
  readonly previousEnd: 'new' | 'sealed' | 'open' | 'torn';
}

/** How commits are made durable, as it stands in the log: without syncs they are volatile. */
export const modeOf = (durability: Durability): string => (durability === 'off' ? 'volatile' : durability);

/** The first line: from here on commands are taken. */
export function recoveredLine(found: RecoveredLog, durability: Durability, jsonl: boolean): string {
  const { log, nextSeq, hash, stateHash, torn, previousEnd } = found;
  const mode = modeOf(durability);
  if (jsonl) {
    const lastSeq = lastSeqOf(nextSeq);
    const line: JsonObject = {
      event: 'recovered',
      lastSeq,
      stateHash,
      hash,
      torn: tornJson(torn),
      log,
      previousEnd,
      mode,
    };
    return `${JSON.stringify(line)}\n`;
  }
  const last = nextSeq === 0 ? 'nothing' : `up to seq ${nextSeq - 1}`;
  return `recovered ${last}, ${previousEnd}, ${mode}: state hash ${stateHash}, hash ${hash}, log ${log}\n`;
}
