/** `truetape tape info`. */
import { Command } from 'commander';
import type { JsonObject } from '@truetape/contracts';
import { nodePorts, openInput } from '@truetape/host';
import type { OpenInput } from '@truetape/host';
import { createDecoder, createReader, openIndexed, openedTape, walkFrames } from '@truetape/tape';
import type { FrameWalk, IndexedTape } from '@truetape/tape';
import { examples } from '../../examples.ts';
import { addJson } from '../../options.ts';
import { printOut } from '../../terminal.ts';
import { tapeFailure } from '../../wording.ts';

interface InfoOptions {
  readonly json?: boolean;
}

export function createCommand(): Command {
  const command = new Command('info')
    .description(
      'Show what a tape says of itself: header, footer, size. Events are not read and nothing is checked.',
    )
    .argument('<file>', 'a tape (- for stdin)');
  return addJson(command)
    .addHelpText('after', examples('truetape tape info run.rpl', 'truetape tape info run.rpl --json'))
    .action((file: string, options: InfoOptions) => {
      showInfo(file, options);
    });
}

/** What can be said of a tape by looking at its ends and its frame headers. */
interface TapeInfo {
  readonly encoding: 'binary' | 'text';
  readonly compression: OpenInput['compression'];
  readonly sizeBytes: number | undefined;
  readonly headerJson: string;
  readonly indexed: IndexedTape | undefined;
  readonly walk: FrameWalk | undefined;
}

/** Reads header and frame headers. Only the header of a tape that cannot be read at any place is known. */
function lookAt(input: OpenInput): TapeInfo {
  const { access, compression, sizeBytes } = input;
  const reader = createReader(createDecoder({ ports: nodePorts }), input.source);
  reader.next();
  if (reader.error !== undefined && reader.decoder.header === undefined) {
    throw tapeFailure(input.path, reader.error);
  }
  const { headerJson } = openedTape(reader);
  const { encoding } = reader.decoder;
  const opened = access === undefined || encoding === 'text' ? undefined : openIndexed(access, nodePorts);
  const indexed = opened !== undefined && 'footer' in opened ? opened : undefined;
  const firstFrame = 24 + Math.ceil(Buffer.byteLength(headerJson) / 8) * 8;
  const walk =
    access === undefined || encoding === 'text' ? undefined : walkFrames(access, nodePorts, firstFrame);
  return { encoding, compression, sizeBytes, headerJson, indexed, walk };
}

function infoJson(path: string, info: TapeInfo): JsonObject {
  const { indexed, walk } = info;
  return {
    path,
    encoding: info.encoding,
    compression: info.compression,
    sizeBytes: info.sizeBytes ?? null,
    header: JSON.parse(info.headerJson) as JsonObject,
    // Whether a text tape or a compressed one is sealed shows only at its end.
    sealed: walk === undefined ? null : indexed !== undefined,
    footer: indexed === undefined ? null : (indexed.footer as JsonObject),
    frames: walk === undefined ? null : { ...walk.frames },
    records: walk?.records ?? null,
    payloadBytes: walk?.payloadBytes ?? null,
    indexEntries: indexed?.index.entries.length ?? null,
    pages: indexed?.index.pages.length ?? null,
    behindLastFrameBytes: walk === undefined ? null : info.sizeBytes! - walk.endBytes,
  };
}

function framesText(walk: FrameWalk): string {
  const { data, index, seal, carry, mark } = walk.frames;
  const others = Object.entries({ index, seal, carry, mark })
    .filter(([, count]) => count > 0)
    .map(([type, count]) => `, ${count} ${type}`)
    .join('');
  return `${data} data${others}; ${walk.records} records in ${walk.payloadBytes} bytes`;
}

function line(title: string, text: string): string {
  return `${title.padEnd(12)} ${text}`;
}

function infoLines(path: string, info: TapeInfo): string[] {
  const { indexed, walk, sizeBytes, compression } = info;
  const packed = compression === 'plain' ? '' : `, ${compression}`;
  const footer = indexed?.footer;
  const { count: _count, hash: _hash, seal: _seal, ...rest } = footer ?? {};
  const behind = walk === undefined ? 0 : sizeBytes! - walk.endBytes;
  return [
    line('tape', path),
    line('encoding', `${info.encoding}${packed}`),
    line('size', sizeBytes === undefined ? 'not known' : `${sizeBytes} bytes`),
    line('header', info.headerJson),
    ...(walk === undefined
      ? [line('frames', 'not known without reading: use tape summary')]
      : [line('frames', framesText(walk))]),
    ...(behind > 0 ? [line('behind', `${behind} bytes that are no whole frame: use tape verify`)] : []),
    ...(footer === undefined
      ? walk === undefined
        ? []
        : [line('sealed', 'no')]
      : [
          line('sealed', `yes, ${footer.count} events, ${indexed!.index.pages.length} pages of the hash`),
          line('hash', footer.hash),
          line('seal', footer.seal),
          ...(Object.keys(rest).length === 0 ? [] : [line('footer', JSON.stringify(rest))]),
        ]),
  ];
}

function showInfo(path: string, options: InfoOptions): void {
  const input = openInput(path);
  const info = lookAt(input);
  input.close();
  const name = path === '-' ? 'standard input' : path;
  printOut(
    options.json === true
      ? `${JSON.stringify(infoJson(name, info))}\n`
      : `${infoLines(name, info).join('\n')}\n`,
  );
}
