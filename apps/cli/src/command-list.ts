/** What there is: groups and commands by name, with what each is for. No command's own file is loaded here. */
import type { Command } from 'commander';
import type { Cli } from './cli.ts';
import { examples } from './examples.ts';

/** A command's own file. */
export interface CommandModule {
  createCommand(cli: Cli): Command;
}

/** A command, loaded when it is named. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<CommandModule>;
}

/** Commands under one noun. */
export interface GroupEntry {
  readonly name: string;
  readonly summary: string;
  readonly commands: readonly CommandEntry[];
  readonly examples: readonly string[];
}

/** In the order in which help lists them. */
export const GROUPS: readonly GroupEntry[] = [
  {
    name: 'import',
    summary: 'make a tape of recorded market data',
    commands: [
      {
        name: 'binance',
        summary: 'captures of Binance streams',
        load: () => import('./commands/import/binance.ts'),
      },
      {
        name: 'lobster',
        summary: 'LOBSTER message files, order by order',
        load: () => import('./commands/import/lobster.ts'),
      },
    ],
    examples: [
      'truetape import binance capture.gz -o day.rpl',
      'truetape import lobster messages.csv --orderbook orderbook.csv -o day.rpl',
    ],
  },
  {
    name: 'tape',
    summary: 'look at tapes, compare and convert them',
    commands: [
      {
        name: 'view',
        summary: 'print a tape or a part of it',
        load: () => import('./commands/tape/view.ts'),
      },
      {
        name: 'summary',
        summary: 'counts, times, what was traded, hash',
        load: () => import('./commands/tape/summary.ts'),
      },
      {
        name: 'info',
        summary: 'header, footer and size, without reading the events',
        load: () => import('./commands/tape/info.ts'),
      },
      {
        name: 'verify',
        summary: 'check every byte of a tape',
        load: () => import('./commands/tape/verify.ts'),
      },
      {
        name: 'diff',
        summary: 'find the first difference of two tapes',
        load: () => import('./commands/tape/diff.ts'),
      },
      {
        name: 'convert',
        summary: 'write tapes or parts of them in another form',
        load: () => import('./commands/tape/convert.ts'),
      },
      {
        name: 'book',
        summary: 'the depth book at a point of a tape',
        load: () => import('./commands/tape/book.ts'),
      },
      {
        name: 'facts',
        summary: 'what its market looks like: spread, returns, volumes, orders',
        load: () => import('./commands/tape/facts.ts'),
      },
    ],
    examples: ['truetape tape view run.rpl --kind Trade --pretty', 'truetape tape diff a.rpl b.rpl'],
  },
  {
    name: 'sim',
    summary: 'simulate order flow from a seed',
    commands: [
      {
        name: 'run',
        summary: 'agents, queue and book: a tape and its summary',
        load: () => import('./commands/sim/run.ts'),
      },
      {
        name: 'resume',
        summary: 'go on from a saved state',
        load: () => import('./commands/sim/resume.ts'),
      },
      {
        name: 'schema',
        summary: 'the JSON Schema of configurations',
        load: () => import('./commands/sim/schema.ts'),
      },
      {
        name: 'presets',
        summary: 'configurations to begin from',
        load: () => import('./commands/sim/presets.ts'),
      },
    ],
    examples: ['truetape sim run --seed 7 --events 10000 -o run.rpl', 'truetape sim presets --show mixed'],
  },
  {
    name: 'backtest',
    summary: 'run strategies over a tape, against a realistic venue',
    commands: [
      {
        name: 'run',
        summary: 'one strategy: what it came to, and why',
        load: () => import('./commands/backtest/run.ts'),
      },
      {
        name: 'resume',
        summary: 'go on with a run that was cut short',
        load: () => import('./commands/backtest/resume.ts'),
      },
      {
        name: 'realism',
        summary: 'ideal against real execution, and what each cost is',
        load: () => import('./commands/backtest/realism.ts'),
      },
      {
        name: 'latency-sweep',
        summary: 'the same strategy, slower and slower',
        load: () => import('./commands/backtest/latency-sweep.ts'),
      },
      {
        name: 'regimes',
        summary: 'strategies in simulated markets that are calm, bursting, stuffed',
        load: () => import('./commands/backtest/regimes.ts'),
      },
      {
        name: 'queue-models',
        summary: 'models of the queue against exact FIFO: fills they invent, miss, mistime',
        load: () => import('./commands/backtest/queue-models.ts'),
      },
      {
        name: 'compare',
        summary: 'what differs between runs',
        load: () => import('./commands/backtest/compare.ts'),
      },
      {
        name: 'strategies',
        summary: 'what is included, and its parameters',
        load: () => import('./commands/backtest/strategies.ts'),
      },
      {
        name: 'schema',
        summary: 'the JSON Schema of configurations',
        load: () => import('./commands/backtest/schema.ts'),
      },
      {
        name: 'new',
        summary: 'a strategy of your own to begin from',
        load: () => import('./commands/backtest/new.ts'),
      },
    ],
    examples: [
      'truetape backtest run --tape run.rpl --strategy market-maker',
      'truetape backtest strategies --template twap',
    ],
  },
  {
    name: 'orders',
    summary: 'orders and the states of their life',
    commands: [
      {
        name: 'run',
        summary: 'events in, the state behind each out',
        load: () => import('./commands/orders/run.ts'),
      },
    ],
    examples: ['truetape orders run events.jsonl', 'truetape orders run --jsonl < events.jsonl'],
  },
  {
    name: 'ledger',
    summary: 'positions, balances, profit and margin',
    commands: [
      {
        name: 'run',
        summary: 'fills and cash in, the books behind each out',
        load: () => import('./commands/ledger/run.ts'),
      },
    ],
    examples: ['truetape ledger run account.jsonl', 'truetape ledger run --json - < account.jsonl'],
  },
  {
    name: 'book',
    summary: 'match orders by price and time',
    commands: [
      {
        name: 'run',
        summary: 'commands in, execution reports out',
        load: () => import('./commands/book/run.ts'),
      },
    ],
    examples: [
      'truetape book run orders.jsonl --depth',
      'truetape book run - --jsonl --out day.rpl < orders.jsonl',
    ],
  },
  {
    name: 'wal',
    summary: 'a durable log: serve orders from it, recover, check and mend it',
    commands: [
      {
        name: 'serve',
        summary: 'match orders; what is answered survives any crash',
        load: () => import('./commands/wal/serve.ts'),
      },
      {
        name: 'recover',
        summary: 'recover it without changing it, and show where it ends',
        load: () => import('./commands/wal/recover.ts'),
      },
      {
        name: 'verify',
        summary: 'check segments, snapshots and archive, all of them',
        load: () => import('./commands/wal/verify.ts'),
      },
      {
        name: 'inspect',
        summary: 'what each file is, without replay',
        load: () => import('./commands/wal/inspect.ts'),
      },
      {
        name: 'compact',
        summary: 'put away what no snapshot needs any more',
        load: () => import('./commands/wal/compact.ts'),
      },
      {
        name: 'snapshot',
        summary: 'take a snapshot of a log at rest',
        load: () => import('./commands/wal/snapshot.ts'),
      },
      {
        name: 'repair',
        summary: 'set aside what keeps it from being recovered',
        load: () => import('./commands/wal/repair.ts'),
      },
    ],
    examples: ['truetape wal serve log --jsonl < orders.jsonl', 'truetape wal recover log'],
  },
  {
    name: 'risk',
    summary: 'limits that an order meets before it leaves',
    commands: [
      {
        name: 'explain',
        summary: 'which are in force, and what they say to an order',
        load: () => import('./commands/risk/explain.ts'),
      },
    ],
    examples: [
      'truetape risk explain --config limits.yaml',
      'truetape risk explain --config limits.yaml --order side=sell,qty=3 --view bid=99',
    ],
  },
  {
    name: 'lab',
    summary: 'a hot path that never blocks, under load, failure and recovery',
    commands: [
      {
        name: 'run',
        summary: 'a scenario, and what became of every event',
        load: () => import('./commands/lab/run.ts'),
      },
      {
        name: 'sweep',
        summary: 'rates and room against the first overrun',
        load: () => import('./commands/lab/sweep.ts'),
      },
    ],
    examples: ['truetape lab run producer-heavy --policy latest', 'truetape lab sweep --steps 100'],
  },
  {
    name: 'chaos',
    summary: 'break things on purpose, from a seed',
    commands: [
      {
        name: 'wal',
        summary: 'crashes, damage and failing disks under a durable log',
        load: () => import('./commands/chaos/wal.ts'),
      },
    ],
    examples: ['truetape chaos wal --seed 7', 'truetape chaos wal --hours 8 --json'],
  },
  {
    name: 'config',
    summary: 'settings and where they come from',
    commands: [{ name: 'show', summary: 'all settings', load: () => import('./commands/config/show.ts') }],
    examples: ['truetape config show', 'TRUETAPE_COLOR=never truetape config show --origin'],
  },
];

/** Commands without a noun, behind the groups. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'why',
    summary: 'why something happened on a tape, or did not',
    load: () => import('./commands/why.ts'),
  },
  {
    name: 'demo',
    summary: 'a tour: from a seed over a crash to a backtest, in a temporary folder',
    load: () => import('./commands/demo.ts'),
  },
  {
    name: 'bench',
    summary: 'measure the speed of this build',
    load: async () => {
      const { benchCommand } = await import('./bench/index.ts');
      const text = examples(
        'truetape bench tape --events 1000000',
        'truetape bench tape --json > bench.json',
      );
      return { createCommand: () => benchCommand().addHelpText('after', text) };
    },
  },
  {
    name: 'doctor',
    summary: 'check that this machine can do all of it',
    load: () => import('./commands/doctor.ts'),
  },
  {
    name: 'completion',
    summary: 'a script that completes commands in your shell',
    load: () => import('./commands/completion.ts'),
  },
];
