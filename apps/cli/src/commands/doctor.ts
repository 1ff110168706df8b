/** `truetape doctor`. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { Command } from 'commander';
import { BLANK, Kind, defineFields } from '@truetape/contracts';
import { createFileSink, createScratch, nodePorts, openInput } from '@truetape/host';
import type { OpenInput } from '@truetape/host';
import {
  createBinaryWriter,
  createDecoder,
  createReader,
  createTextWriter,
  endTape,
  writeEvent,
} from '@truetape/tape';
import type { TapeHeader, TapeWriter } from '@truetape/tape';
import type { Cli } from '../cli.ts';
import { examples } from '../examples.ts';
import { EXIT } from '../failure.ts';
import { addJson } from '../options.ts';
import { findProjectFile, findUserFile } from '../settings.ts';
import { printOut } from '../terminal.ts';
import { VERSION } from '../version.ts';

const NODE_MIN: readonly [major: number, minor: number] = [24, 11];

/** One thing that was looked at. */
interface Finding {
  readonly what: string;
  readonly ok: boolean;
  readonly detail: string;
  /** What to do where it is not in order. */
  readonly next: string;
}

export function createCommand(cli: Cli): Command {
  const command = new Command('doctor').description(
    'Check Node, settings, temporary folder, compression and the tape code on this machine. ' +
      'Exits 1 when something is not in order.',
  );
  return addJson(command)
    .addHelpText('after', examples('truetape doctor', 'truetape doctor --json'))
    .action(async (options: { readonly json?: boolean }) => {
      const findings = [checkNode(), await checkSettings(cli), ...checkFolder()];
      if (options.json === true) {
        printOut(`${JSON.stringify({ version: VERSION, ok: findings.every(({ ok }) => ok), findings })}\n`);
      } else {
        printOut(`truetape ${VERSION}\n`);
        for (const { what, ok, detail, next } of findings) {
          printOut(`${ok ? 'ok  ' : 'FAIL'} ${what.padEnd(12)} ${detail}\n`);
          if (!ok) printOut(`     ${next}\n`);
        }
      }
      cli.exitCode = findings.every(({ ok }) => ok) ? EXIT.ok : EXIT.failure;
    });
}

function checkNode(): Finding {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const ok = major > NODE_MIN[0] || (major === NODE_MIN[0] && minor >= NODE_MIN[1]);
  return {
    what: 'node',
    ok,
    detail: `${process.versions.node} on ${process.platform} ${process.arch}`,
    next: `install Node ${NODE_MIN.join('.')} or later`,
  };
}

async function checkSettings(cli: Cli): Promise<Finding> {
  const files = [findProjectFile(process.cwd()), findUserFile(process.env)].filter(
    (path) => path !== undefined,
  );
  const next = 'truetape config show --origin says where each value comes from';
  try {
    await cli.settings();
    return { what: 'settings', ok: true, detail: files.join(', ') || 'defaults, no file', next };
  } catch (error) {
    return {
      what: 'settings',
      ok: false,
      detail: error instanceof Error ? error.message : String(error),
      next,
    };
  }
}

/** What a check does is done for real: a fault shows as what it throws. */
function attempt(what: string, next: string, work: () => string): Finding {
  try {
    return { what, ok: true, detail: work(), next };
  } catch (error) {
    return { what, ok: false, detail: error instanceof Error ? error.message : String(error), next };
  }
}

const HEADER: TapeHeader = { observer: 'client', epochNs: '0', producer: { name: 'truetape doctor' } };

function fill(writer: TapeWriter): string {
  const value = { name: 'doctor', role: 'system' };
  writeEvent(writer, { ...BLANK.Define, ...defineFields('source', 1, value), kind: Kind.Define });
  for (let second = 0; second < 100; second++) {
    writeEvent(writer, {
      ...BLANK.Note,
      source: 1,
      timeNs: second * 1_000_000_000,
      text: `second ${second}`,
    });
  }
  return endTape(writer).hash;
}

function hashOf(input: OpenInput): string {
  const reader = createReader(createDecoder({ ports: nodePorts, hash: true, verify: true }), input.source);
  while (reader.next() !== undefined);
  input.close();
  const hash = reader.end?.hash;
  if (hash === undefined)
    throw new Error(`a tape of our own cannot be read: ${reader.error?.code ?? 'no end'}`);
  return hash;
}

function expect(found: string, expected: string): void {
  if (found !== expected) throw new Error(`expected the hash ${expected}, found ${found}`);
}

function checkFolder(): Finding[] {
  const folder = join(tmpdir(), 'truetape-doctor-');
  let scratch: string | undefined;
  const made = attempt('temporary', 'set TMPDIR to a folder that can be written', () => {
    scratch = mkdtempSync(folder);
    return tmpdir();
  });
  if (scratch === undefined) return [made];
  const path = join(scratch, 'doctor.rpl');
  let hash = '';
  const findings = [
    made,
    attempt('tape', 'please report it', () => {
      const sink = createFileSink(path);
      hash = fill(createBinaryWriter({ header: HEADER, ports: nodePorts }, sink));
      sink.commit();
      expect(hashOf(openInput(path)), hash);
      const text = createScratch();
      expect(fill(createTextWriter({ header: HEADER, ports: nodePorts }, text)), hash);
      expect(hashOf(text.open('text')), hash);
      text.dispose();
      return `both encodings, hash ${hash.slice(0, 16)}…`;
    }),
    ...(['gzip', 'zstd'] as const).map((name) =>
      attempt(name, 'please report it', () => {
        const tape = readFileSync(path);
        const packed = `${path}.${name}`;
        writeFileSync(packed, name === 'gzip' ? gzipSync(tape) : zstdCompressSync(tape));
        expect(hashOf(openInput(packed)), hash);
        return 'compressed tapes can be read';
      }),
    ),
  ];
  rmSync(scratch, { recursive: true, force: true });
  return findings;
}
