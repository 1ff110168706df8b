// Journals and results of all scenarios and policies, and a sweep: the same bytes everywhere.
import { journalEntries, resultOf, runLab, SCENARIO_NAMES, SCENARIOS, sweep } from '@truetape/lab';

for (const name of SCENARIO_NAMES) {
  for (const policy of ['oldest', 'latest', 'halt'] as const) {
    const lab = runLab({ ...SCENARIOS[name], policy });
    for (const entry of journalEntries(lab.journal)) process.stdout.write(`${JSON.stringify(entry)}\n`);
    process.stdout.write(`${JSON.stringify(resultOf(lab))}\n`);
  }
}
const rows = sweep({ ingest: [3, 8], consume: [0, 3, 5], capacity: [16, 64], steps: 50 });
process.stdout.write(`${JSON.stringify(rows)}\n`);
