/** A run of the lab as a tape: what control and consumer did, in their order. */
import { BLANK, Kind, defineFields } from '@truetape/contracts';
import type { Event } from '@truetape/contracts';
import { createFileSink, nodePorts } from '@truetape/host';
import { journalEntries, journalEvent } from '@truetape/lab';
import type { Lab } from '@truetape/lab';
import { createBinaryWriter, createTextWriter, endTape, writeEvent } from '@truetape/tape';
import { usageFailure } from '../../failure.ts';
import { VERSION } from '../../version.ts';
import { tapeFailure } from '../../wording.ts';

export interface LabTape {
  readonly path: string;
  readonly force: boolean;
  readonly frameBytes: number;
}

/** A step is a microsecond on the tape, counted from 1970: it is logical time. */
const STEP_NS = 1000;
const CONTROL = 1;
const CONSUMER = 2;
const NOTE =
  'ofSeq, lostFrom and lostTo count the events of the bus from 0; a step is 1000 ns of logical time';

/** Throws a usage failure for a name that is no tape's. */
export function checkName(path: string): void {
  if (!path.endsWith('.rpl'))
    throw usageFailure(`--out: expected a name that ends in .rpl or .txt.rpl, found ${path}`);
}

/** The events, in order. A change of state that an overrun led to names it as its cause. */
function eventsOf(lab: Lab): Event[] {
  const events: Event[] = [
    {
      ...BLANK.Define,
      ...defineFields('source', CONTROL, { name: 'control', role: 'system' }),
      timeNs: 0,
    },
    {
      ...BLANK.Define,
      ...defineFields('source', CONSUMER, { name: 'consumer', role: 'engine' }),
      timeNs: 0,
    },
    { ...BLANK.Note, text: NOTE, timeNs: 0 },
  ];
  let overrun = 0;
  for (const entry of journalEntries(lab.journal)) {
    const timeNs = entry.step * STEP_NS;
    if (entry.kind === Kind.Overrun) overrun = events.length;
    const isControl = entry.kind === Kind.Lifecycle;
    const head = { timeNs, source: isControl ? CONTROL : CONSUMER };
    const caused = isControl && entry.reason === 'overrun' ? { cause: overrun } : {};
    events.push(journalEvent(entry, lab.scenario.policy, { ...head, ...caused }));
  }
  return events;
}

/** Writes the tape and puts it in its place. Throws `OutputError`, or a failure of the tape. */
export function writeLabTape(lab: Lab, { path, force, frameBytes }: LabTape): void {
  const { name, ingest, consume, capacity, steps, policy, warmupSteps, cleanSteps } = lab.scenario;
  const failures = lab.scenario.failures.map(({ fromStep, toStep }) => ({ fromStep, toStep }));
  const rates = { ingest: [...ingest], consume: [...consume] };
  const config = {
    header: {
      observer: 'client',
      epochNs: '0',
      producer: { name: 'truetape lab run' },
      config: { name, ...rates, capacity, steps, policy, warmupSteps, cleanSteps, failures },
    },
    ports: nodePorts,
    frameBytes,
  } as const;
  const sink = createFileSink(path, { force });
  try {
    const isText = path.endsWith('.txt.rpl');
    const writer = isText ? createTextWriter(config, sink) : createBinaryWriter(config, sink);
    for (const event of eventsOf(lab)) {
      const refused = writeEvent(writer, event);
      if (refused !== undefined) throw tapeFailure(path, refused);
    }
    endTape(writer, { build: { version: VERSION } });
    sink.commit();
  } catch (error) {
    sink.abandon();
    throw error;
  }
}
