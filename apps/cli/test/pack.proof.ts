// The package: `pnpm pack` makes a tarball that `npm install -g` installs without anything else, and that runs.
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { VERSION } from '../src/version.ts';
import { sampleTape } from './tapes.ts';
import { ROOT, scratchFolder } from './truetape.ts';

const folder = scratchFolder();

test('what pnpm packs installs and runs', { timeout: 300_000 }, () => {
  const cli = join(ROOT, 'apps', 'cli');
  execFileSync('pnpm', ['pack', '--pack-destination', folder], { cwd: cli, stdio: 'ignore' });
  const [tarball] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  const prefix = join(folder, 'prefix');
  execFileSync('npm', ['install', '--global', '--offline', '--prefix', prefix, join(folder, tarball)], {
    cwd: folder,
    stdio: 'ignore',
  });
  const env = {
    PATH: [dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter),
    HOME: folder,
  };
  const truetape = (args: readonly string[], input: Uint8Array = Buffer.of()): string =>
    execFileSync(join(prefix, 'bin', 'truetape'), args, { cwd: folder, env, input }).toString();
  expect(truetape(['--version'])).toBe(`${VERSION}\n`);
  const { bytes, end } = sampleTape();
  // Through the worker, which is a file of its own in the package.
  expect(truetape(['tape', 'verify', '-', '--sealed'], gzipSync(bytes))).toContain(end!.hash);
  expect(truetape(['doctor'])).not.toContain('FAIL');
  expect(truetape(['demo'])).toContain('differ at seq');
  expect(truetape(['tape', 'convert', '-', '-o', 'events.parquet'], bytes)).toBe('');
  truetape(['sim', 'run', '--events', '500', '--html', 'run.html']);
  expect(readFileSync(join(folder, 'run.html'), 'utf8')).toContain('uPlot');
  expect(truetape(['completion', 'bash'])).toContain('complete -F _truetape truetape');
});
