// Sweeps as tests run them, and subjects that are wrong in one way each.
import type { Result } from '@truetape/contracts';
import type { TapePorts } from '@truetape/tape';
import { booksSubject, runSweep, smallSubject } from '@truetape/wal';
import type {
  ChaosSubject,
  LogFile,
  LogStorage,
  StorageFault,
  Sweep,
  SweepOptions,
  SweepResult,
} from '@truetape/wal';
import { PORTS } from './toy.ts';

export function sweepOf(sweep: Sweep, options: Partial<SweepOptions>): SweepResult {
  const subject = booksSubject(PORTS.sha256);
  const running = runSweep(sweep, { subject, ports: PORTS, seed: '1', cases: Infinity, ...options });
  for (;;) {
    const step = running.next();
    if (step.done === true) return step.value;
  }
}

/** Prints what a sweep did, and how long that took. */
export function tellSweep(startMs: number, { sweep, seed, tried, possible, counts }: SweepResult): void {
  const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
  console.log(`${seconds} s  ${sweep}, seed ${seed}: ${tried} of ${possible} ${JSON.stringify(counts)}`);
}

function changedFiles(storage: LogStorage, change: (file: LogFile) => LogFile): LogStorage {
  const wrap = (made: Result<LogFile, StorageFault>): Result<LogFile, StorageFault> =>
    made.ok ? { ok: true, value: change(made.value) } : made;
  return {
    ...storage,
    create: (name) => wrap(storage.create(name)),
    open: (name) => wrap(storage.open(name)),
  };
}

/** A log on a disk that the code under test does not use as it should. */
function onDisk(change: (storage: LogStorage) => LogStorage): ChaosSubject {
  const subject = smallSubject(PORTS.sha256);
  return { ...subject, start: (setup) => subject.start({ ...setup, storage: change(setup.storage) }) };
}

/** What a faulty log would do, and the sweep that has to notice. */
export const FAULTY: readonly {
  readonly what: string;
  readonly sweep: Sweep;
  readonly cases: number;
  readonly subject?: ChaosSubject;
  readonly ports?: TapePorts;
  readonly finds: RegExp;
}[] = [
  {
    what: 'acknowledges before it syncs',
    sweep: 'crash',
    cases: 60,
    subject: onDisk((storage) =>
      changedFiles(storage, (file) => {
        let calls = 0;
        // Every other time, so that a copy of the disk stays small.
        return { ...file, sync: () => (calls++ % 2 === 0 ? undefined : file.sync()) };
      }),
    ),
    finds: /lost: seqs|no log was found/,
  },
  {
    what: 'never syncs the folder',
    sweep: 'crash',
    cases: 60,
    subject: onDisk((storage) => ({ ...storage, syncFolder: () => undefined })),
    finds: /lost: seqs|no log was found|segmentMissing/,
  },
  {
    what: 'forgets the ids of commands',
    sweep: 'crash',
    cases: 60,
    subject: (() => {
      const subject = booksSubject(PORTS.sha256);
      return {
        ...subject,
        start: (setup) => {
          const started = subject.start(setup);
          if (!started.ok) return started;
          const run = started.value;
          const repeat = (answers: ReadonlyMap<string, string>): string | undefined =>
            run.repeat(new Map([...answers].map(([id, answer]) => [id, `${answer} `])));
          return { ok: true, value: { ...run, repeat } };
        },
      };
    })(),
    finds: /was answered with/,
  },
  {
    what: 'looks at no checksum',
    sweep: 'corrupt',
    cases: 1500,
    subject: smallSubject(PORTS.sha256),
    ports: { ...PORTS, crc32: () => 0 },
    finds: /unnoticed|another state|other events|threw|where no commit ended/,
  },
  {
    what: 'goes on behind a sync that failed',
    sweep: 'fail',
    cases: 60,
    subject: onDisk((storage) =>
      changedFiles(storage, (file) => ({
        ...file,
        sync: () => {
          file.sync();
          return undefined;
        },
      })),
    ),
    finds: /unnoticed/,
  },
  {
    what: 'syncs the folder in every other case alone',
    sweep: 'twice',
    cases: 120,
    subject: onDisk((storage) => {
      let calls = 0;
      return { ...storage, syncFolder: () => (calls++ % 2 === 0 ? undefined : storage.syncFolder()) };
    }),
    finds: /lost: seqs|no log was found|segmentMissing|noSnapshot/,
  },
  {
    what: 'repairs what no checksum has found',
    sweep: 'repair',
    cases: 60,
    subject: smallSubject(PORTS.sha256),
    ports: { ...PORTS, crc32: () => 0 },
    finds: /lost: seqs|another state|other events|where no commit ended|threw/,
  },
];
