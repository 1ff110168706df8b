// What all commands share: help, usage errors, bad input, settings, colours, completion, doctor.
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { outlineOf } from '../src/completion/outline.ts';
import { createProgram, namedCommands } from '../src/program.ts';
import { DEFAULTS } from '../src/settings.ts';
import { parseTime } from '../src/time-argument.ts';
import { VERSION } from '../src/version.ts';
import { sampleTape, writeSample } from './tapes.ts';
import { scratchFolder, shell, truetape, type RunOptions } from './truetape.ts';

const cwd = scratchFolder();
writeSample(join(cwd, 'run.rpl'), { steps: 3 });
const tapeText = sampleTape({ steps: 3, encoding: 'text' }).bytes;

const cli = {
  exitCode: 0 as const,
  settings: () => Promise.resolve({ values: DEFAULTS, origins: {} as never }),
};

describe('help', () => {
  test('of every command ends with two examples, and its summary says what it is for', async () => {
    const program = await createProgram(cli, 'all');
    const wrong: string[] = [];
    const visit = (command: typeof program): void => {
      let text = '';
      command.configureOutput({ writeOut: (part) => (text += part) });
      command.outputHelp();
      const examples = text.split('Examples:\n')[1]?.match(/^ {2}\$ .*truetape/gm) ?? [];
      const longest = Math.max(...text.split('\n').map((line) => line.length));
      if (examples.length !== 2 || longest > 110) wrong.push(command.name());
      for (const child of command.commands) visit(child);
    };
    visit(program);
    expect(wrong).toEqual([]);
  });

  test('loads only what the command line names', () => {
    expect(namedCommands(['tape', '--quiet', 'view', 'summary'])).toEqual(['tape', 'view']);
    expect(namedCommands(['--color', 'never', 'doctor'])).toEqual(['doctor']);
    expect(namedCommands(['nothing'])).toEqual([]);
  });

  test('and version go to stdout, usage to stderr', async () => {
    const [help, version, none, group] = await Promise.all(
      [['--help'], ['--version'], [], ['tape']].map((args) => truetape(args, { own: true })),
    );
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(version).toMatchObject({ code: 0, stdout: `${VERSION}\n`, stderr: '' });
    expect(none).toMatchObject({ code: 2, stdout: '' });
    expect(group).toMatchObject({ code: 2, stdout: '' });
    const manifest = JSON.parse(
      readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8'),
    ) as object;
    expect(manifest).toMatchObject({ version: VERSION });
  });
});

// Most tests run commands in their own process: what is said there is what a user would see.
test.each<[string, readonly string[], RunOptions]>([
  ['data', ['tape', 'view', 'run.rpl', '--jsonl'], {}],
  ['what is read from standard input', ['tape', 'view', '-', '--limit', '2'], { input: tapeText }],
  ['lines that come in', ['orders', 'run', '--on-bad-line', 'skip'], { input: '{"event":"what"}\n' }],
  ['a failure', ['tape', 'info', 'absent.rpl'], {}],
  ['bad usage', ['tape', 'veiw'], {}],
  ['a setting', ['config', 'show', '--origin'], { env: { TRUETAPE_LEVELS: '7' } }],
])('a command inside a test is the command: %s', async (_, args, options) => {
  const [inside, own] = await Promise.all([
    truetape(args, { cwd, ...options }),
    truetape(args, { cwd, ...options, own: true }),
  ]);
  expect(inside.stdout.length + inside.stderr.length).toBeGreaterThan(0);
  expect(inside).toEqual(own);
});

describe.concurrent('bad usage', () => {
  test.concurrent.each([
    [['tpae'], /unknown command 'tpae'\n\(Did you mean tape\?\)/],
    [['tape', 'view'], /missing required argument 'files'\n {2}see truetape tape view --help/],
    [['tape', 'view', 'run.rpl', '--nope'], /unknown option '--nope'/],
    [
      ['tape', 'view', 'run.rpl', '--kind', 'Trad'],
      /--kind: expected the name of a kind, found Trad\n {2}near it: Trade/,
    ],
    [['tape', 'view', 'run.rpl', '--side', 'left'], /--side: expected buy or sell, found left/],
    [['tape', 'view', 'run.rpl', '--from-time', 'noon'], /--from-time: expected 2024-.*; found noon/],
    [['tape', 'view', 'run.rpl', '--limit', '-1'], /--limit: expected an integer from 0, found -1/],
    [['tape', 'view', 'run.rpl', '--jsonl', '--csv'], /--jsonl and --csv exclude each other/],
    [['tape', 'view', '-', '-'], /- stands for standard input, which can be read once only/],
    [['tape', 'view', '--color', 'pink', 'run.rpl'], /--color: expected auto, always or never, found pink/],
    [['completion', 'tcsh'], /expected bash, zsh, fish, found tcsh/],
  ])('%j ends with 2', async (args, message) => {
    const run = await truetape(args, { cwd });
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toMatch(message);
  });
});

describe.concurrent('input that is none', () => {
  test('is told in one line, with what to do', async () => {
    writeFileSync(join(cwd, 'empty.rpl'), '');
    writeFileSync(join(cwd, 'other.rpl'), 'PK\u0003\u0004 something else');
    const version = sampleTape({ steps: 1 }).bytes;
    version.writeUInt16LE(9, 8);
    writeFileSync(join(cwd, 'version.rpl'), version);
    writeFileSync(join(cwd, 'cut.gz'), Buffer.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1));
    mkdirSync(join(cwd, 'folder'));
    const files = ['empty.rpl', 'other.rpl', 'version.rpl', 'cut.gz', 'folder', 'absent.rpl'];
    const runs = await Promise.all(files.map((file) => truetape(['tape', 'summary', file], { cwd })));
    expect(runs.map(({ code }) => code)).toEqual([5, 5, 5, 5, 1, 1]);
    for (const run of runs) {
      expect(run.stdout).toBe('');
      expect(run.stderr).toMatch(/^truetape: .+\n {2}.+\n$/);
    }
    expect(runs[1].stderr).toContain('expected the first bytes of a tape, found bytes 50 4b 03 04');
    expect(runs[2].stderr).toMatch(/expected 0\.\d+, found 9\.\d+/);
    expect(runs[3].stderr).toContain('compressed data that ends in the middle');
  });

  test.skipIf(process.getuid?.() === 0)('is also what may not be read', async () => {
    writeSample(join(cwd, 'secret.rpl'), { steps: 1 });
    chmodSync(join(cwd, 'secret.rpl'), 0);
    const run = await truetape(['tape', 'info', 'secret.rpl'], { cwd });
    expect(run).toMatchObject({
      code: 1,
      stderr:
        'truetape: secret.rpl cannot be read: permission denied\n  check the path and its permissions\n',
    });
  });
});

describe.concurrent('settings', () => {
  test('come from flags, environment, project, user and defaults, in that order', async () => {
    mkdirSync(join(cwd, 'project', 'deep'), { recursive: true });
    mkdirSync(join(cwd, 'config', 'truetape'), { recursive: true });
    writeFileSync(join(cwd, 'project', 'truetape.yaml'), 'levels: 2\nquiet: true # a remark\n');
    writeFileSync(join(cwd, 'config', 'truetape', 'truetape.json'), '{"levels": 3, "context": 9}');
    const env = {
      XDG_CONFIG_HOME: join(cwd, 'config'),
      TRUETAPE_COLOR: 'never',
      TRUETAPE_FRAME_BYTES: '4096',
    };
    const run = await truetape(['config', 'show', '--origin', '--json', '--color', 'always'], {
      cwd: join(cwd, 'project', 'deep'),
      env,
    });
    expect(JSON.parse(run.stdout)).toEqual({
      color: { value: 'always', origin: 'flag --color' },
      quiet: { value: true, origin: `project file ${join(cwd, 'project', 'truetape.yaml')}` },
      frameBytes: { value: 4096, origin: 'environment TRUETAPE_FRAME_BYTES' },
      clockOffset: { value: 'measure', origin: 'default' },
      onBadLine: { value: 'fail', origin: 'default' },
      context: { value: 9, origin: `user file ${join(cwd, 'config', 'truetape', 'truetape.json')}` },
      levels: { value: 2, origin: `project file ${join(cwd, 'project', 'truetape.yaml')}` },
    });
  });

  test('that are wrong name their place', async () => {
    mkdirSync(join(cwd, 'wrong'));
    writeFileSync(join(cwd, 'wrong', 'truetape.yaml'), 'level: 2\n');
    const [name, value, none] = await Promise.all([
      truetape(['config', 'show'], { cwd: join(cwd, 'wrong') }),
      truetape(['tape', 'view', 'run.rpl'], { cwd, env: { TRUETAPE_QUIET: 'perhaps' } }),
      truetape(['config', 'show'], { cwd }),
    ]);
    expect(name).toMatchObject({ code: 2, stdout: '' });
    expect(name.stderr).toMatch(/truetape\.yaml: there is no setting level\n {2}settings are color, /);
    expect(value.stderr).toBe(
      'truetape: environment TRUETAPE_QUIET: quiet: expected true or false, found "perhaps"\n  correct or remove it\n',
    );
    expect(none.stdout).toMatch(/^color +auto\nquiet +false\nframeBytes +65536\n/);
  });
});

test('colours follow the flag, FORCE_COLOR and NO_COLOR, and are off in a pipe', async () => {
  const pretty = (env: Record<string, string>, ...args: string[]): Promise<string> =>
    truetape(['tape', 'view', 'run.rpl', '--pretty', ...args], { cwd, env }).then(({ stdout }) => stdout);
  const [plain, forced, none, flag] = await Promise.all([
    pretty({}),
    pretty({ FORCE_COLOR: '1' }),
    pretty({ FORCE_COLOR: '1' }, '--color', 'never'),
    pretty({ NO_COLOR: '1' }, '--color', 'always'),
  ]);
  const escape = '\u001b[';
  expect([plain, forced, none, flag].map((text) => text.includes(escape))).toEqual([
    false,
    true,
    false,
    true,
  ]);
});

describe.concurrent('completion', () => {
  test('scripts parse, and complete commands, flags, values and files', async () => {
    const probe = (words: string): string =>
      `COMP_WORDS=(${words}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _truetape 2>/dev/null; echo "\${COMPREPLY[*]}"`;
    const run = await shell(
      [
        'truetape completion bash > c.bash && bash -n c.bash && source c.bash && source c.bash',
        probe('truetape ta'),
        probe('truetape tape view --from'),
        probe('truetape tape view --kind TradingS'),
        probe('truetape completion ""'),
        'for other in zsh fish; do truetape completion $other > c.$other; if command -v $other > /dev/null; then $other -n c.$other; fi; done',
      ].join('\n'),
      cwd,
    );
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout.split('\n').slice(0, 4)).toEqual([
      'tape',
      '--from-seq --from-time',
      'TradingStatus',
      'bash zsh fish',
    ]);
    expect(readFileSync(join(cwd, 'c.fish'), 'utf8')).toContain("-a view -d 'print a tape or a part of it'");
  });

  test('knows every command and option', async () => {
    const nodes = outlineOf(await createProgram(cli, 'all'));
    expect(nodes.map(({ path }) => path.join(' '))).toEqual(
      expect.arrayContaining(['', 'import binance', 'tape view', 'tape diff', 'config show', 'doctor']),
    );
    const view = nodes.find(({ path }) => path.join(' ') === 'tape view');
    expect(view?.options.flatMap(({ flags }) => flags)).toEqual(
      expect.arrayContaining(['--kind', '--cursor', '--allow-torn', '--color', '-q', '--help']),
    );
  });
});

test('doctor finds this machine in order', async () => {
  const run = await truetape(['doctor', '--json'], { cwd });
  expect(run.code).toBe(0);
  expect(JSON.parse(run.stdout)).toMatchObject({ ok: true, version: VERSION });
});

describe('times', () => {
  test.each([
    ['1767225600000000000', 'unix', 1_767_225_600_000_000_000n],
    ['2026-01-01', 'unix', 1_767_225_600_000_000_000n],
    ['2026-01-01T00:00', 'unix', 1_767_225_600_000_000_000n],
    ['2026-01-01 05:45:00.000000001+05:45', 'unix', 1_767_225_600_000_000_001n],
    ['2024-02-29T23:59:59.5Z', 'unix', 1_709_251_199_500_000_000n],
    ['+0s', 'start', 0n],
    ['+1.5ms', 'start', 1_500_000n],
    ['+2h', 'start', 7_200_000_000_000n],
    ['+7ns', 'start', 7n],
  ])('%s', (text, from, ns) => {
    expect(parseTime(text, '--t')).toEqual({ from, ns });
  });

  test.each([
    '',
    'now',
    '-5s',
    '+5',
    '+5d',
    '+0.5ns',
    '2025-02-29',
    '2026-13-01',
    '2026-01-01T24:00',
    '18446744073709551615',
  ])('%j is none', (text) => {
    expect(() => parseTime(text, '--t')).toThrow('--t: expected 2024-08-08T09:00:00.5Z');
  });
});
