// The layer of every package: the one place that says it. README's table is printed from here, and `npm run
// layers` holds every import to it: an import goes to a strictly lower layer. A package may be listed before
// its folder exists.

/** Pure: synchronous, plain data in and out. Shell: may use node:*, await and log. */
export type Purity = 'pure' | 'shell';

/** Where a package stands. */
export type PackageLayer = {
  /** Folder name; the import name is `@truetape/<name>`. */
  readonly name: string;
  readonly folder: string;
  readonly layer: number;
  readonly purity: Purity;
  readonly purpose: string;
};

export const LAYERS: readonly PackageLayer[] = [
  pure(0, 'contracts', 'the frozen vocabulary: units, event kinds, record layouts, codes, `Result`'),
  pure(1, 'kernel', 'assertions, random streams, exact decimals, hashing, histograms'),
  pure(2, 'tape', 'codec, reader, writer and tools of the `.rpl` tape'),
  pure(2, 'orders', 'the life of an order'),
  pure(2, 'book', 'the limit order book'),
  pure(2, 'risk', 'limits before an order leaves'),
  pure(2, 'ledger', 'positions, fees, profit and loss'),
  pure(2, 'marketdata', 'depth books from snapshots and differences'),
  pure(2, 'lab', 'a hot path that never blocks, under load, failure and recovery'),
  pure(3, 'wal', 'the durable log over `tape`'),
  pure(3, 'venue', 'the simulated venue over `book`'),
  pure(3, 'engine', 'one step: strategy, risk, orders, ledger'),
  pure(4, 'orderflow', 'seeded agents over venue and book'),
  pure(4, 'backtest', 'the engine driven by a tape'),
  pure(4, 'adapters', 'wire and file formats of venues and collectors'),
  pure(4, 'strategies', 'strategies for the engine'),
  pure(4, 'replay', 'verify by replay, why, shrink, state at a point'),
  shell(5, 'host', 'node implementations of the ports: files, clock, workers'),
  shell(6, 'live', 'the live and paper runtime'),
  shell(7, 'cli', 'the `truetape` command line', 'apps/cli'),
  shell(7, 'terminal', 'the operator console', 'apps/terminal'),
];

function pure(layer: number, name: string, purpose: string): PackageLayer {
  return { name, folder: `packages/${name}`, layer, purity: 'pure', purpose };
}

function shell(layer: number, name: string, purpose: string, folder = `packages/${name}`): PackageLayer {
  return { name, folder, layer, purity: 'shell', purpose };
}

/** The lines of README's layer table, for the packages whose folder exists. */
export function formatLayerTable(folders: ReadonlySet<string>): string {
  const rows = LAYERS.filter(({ folder }) => folders.has(folder)).map(
    ({ layer, folder, purity, purpose }) =>
      `| ${layer} | [\`${folder}\`](${folder}) | ${purity} | ${purpose} |`,
  );
  return ['| layer | package | kind | what lives there |', '|---|---|---|---|', ...rows].join('\n');
}
