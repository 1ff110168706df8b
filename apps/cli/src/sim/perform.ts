/** Carries out a run: outputs open, the simulation to its target, outputs in place, state, summary. */
import { createFileSink } from '@truetape/host';
import type { OpenSink } from '@truetape/host';
import type { Sim } from '@truetape/orderflow';
import type { TapeEnd, TapeHeader } from '@truetape/tape';
import type { Cli, Voice } from '../cli.ts';
import { voiceOf } from '../cli.ts';
import { EXIT } from '../failure.ts';
import { interruptible } from '../interruption.ts';
import type { Interruption } from '../interruption.ts';
import { withoutFile } from '../outputs/closed-pipe.ts';
import { startShare } from '../progress.ts';
import { printError, printOut } from '../terminal.ts';
import { VERSION } from '../version.ts';
import type { ConfigOrigin } from './config-source.ts';
import type { HtmlReport } from './html-report.ts';
import { createTickTimes, perfLines } from './perf.ts';
import type { TickTimes } from './perf.ts';
import { createRecording } from './recording.ts';
import type { Recording } from './recording.ts';
import { runTo } from './run-loop.ts';
import type { RunHooks, RunStop, RunTarget } from './run-loop.ts';
import { outputOf } from './run-options.ts';
import type { SimRunOptions } from './run-options.ts';
import { formatState } from './state-file.ts';
import { summaryOf, summaryText } from './summary.ts';
import type { SummaryParts } from './summary.ts';

export interface RunPlan {
  readonly options: SimRunOptions;
  readonly origin: ConfigOrigin;
  readonly header: TapeHeader;
  /** The simulation as it begins or goes on; what its tape has before that is written first. */
  readonly open: (recording: Recording, interruption: Interruption) => Promise<Sim>;
  readonly target: RunTarget;
  readonly isJoined: boolean;
  /** The command line that gives the same run, or as much of it as there is. */
  readonly command: (stoppedAt: number | undefined) => string;
  /** A command to go on with. */
  readonly next: (events: number) => string | null;
}

/** A run that came to its end, whichever. */
interface Done {
  readonly sim: Sim;
  readonly stop: RunStop;
  readonly fromSeq: number;
  readonly ticks: TickTimes | undefined;
  /** By the wall clock, where ticks are measured. */
  readonly ms: number;
}

async function runPlan(
  plan: RunPlan,
  recording: Recording,
  report: HtmlReport | undefined,
  voice: Voice,
): Promise<Done> {
  const { options, target } = plan;
  const progress = await startShare(voice, 'simulating');
  try {
    return await interruptible(async (interruption) => {
      const port = report?.listen(recording.port) ?? recording.port;
      const sim = await plan.open({ ...recording, port }, interruption);
      const fromSeq = sim.recorder.nextSeq;
      const ticks = options.perf === true ? createTickTimes() : undefined;
      const hooks: RunHooks = {
        interruption,
        onShare: progress.update,
        ...(ticks === undefined ? {} : { ticks }),
        ...(report === undefined ? {} : { sampler: report.watch(sim) }),
      };
      const stop = await runTo(sim, target, hooks);
      return { sim, stop, fromSeq, ticks, ms: ticks?.elapsedMs() ?? 0 };
    });
  } finally {
    progress.stop();
  }
}

/** The target as the state tells it: what goes on counts from there, not from where a boundary fell. */
function reachedTarget(
  { events, untilNs }: RunTarget,
  stop: RunStop,
): { events: number | null; untilNs: number | null } {
  const isReached = stop.type === 'target';
  return {
    events: isReached && events < Infinity ? events : null,
    untilNs: isReached && untilNs < Infinity ? untilNs : null,
  };
}

function saveState(sink: OpenSink, plan: RunPlan, { sim, stop }: Done, tape: TapeEnd): void {
  const reached = reachedTarget(plan.target, stop);
  sink.write(Buffer.from(formatState(sim, { origin: plan.origin, reached, tape })));
  sink.commit();
}

function writeReport(report: HtmlReport, plan: RunPlan, { sim, stop }: Done, tape: TapeEnd): void {
  const { origin, target } = plan;
  const isWhole = stop.type === 'target';
  const command = plan.command(isWhole ? undefined : sim.recorder.nextSeq);
  const endNs = isWhole && target.untilNs < Infinity ? target.untilNs : undefined;
  report.commit({ origin, command, hash: tape.hash, endNs });
}

/** Says what is not as it was asked for, and with which code that ends. */
function tellEnd(cli: Cli, plan: RunPlan, { sim, stop }: Done, voice: Voice): void {
  const events = sim.recorder.nextSeq;
  const violations = sim.metrics.regimes.reduce((sum, counts) => sum + counts.violations, 0);
  if (violations > 0) {
    voice.note(`the venue's facts contradict the orders ${violations} times: see InvariantViolated`);
    cli.exitCode = EXIT.mismatch;
  }
  if (stop.type === 'interrupted') {
    voice.note(`interrupted: what there is are ${events} events, and they are whole`);
    cli.exitCode = stop.exitCode;
  }
  if (stop.type === 'endOfTime') {
    voice.note(`after 90 days of simulated time there are ${events} events, not ${plan.target.events}`);
    cli.exitCode = EXIT.failure;
  }
}

/** Where events stand on stdout, the summary goes to stderr, and not at all to those who want it quiet. */
function tellSummary(options: SimRunOptions, parts: SummaryParts): void {
  const text = options.json === true ? `${JSON.stringify(summaryOf(parts))}\n` : summaryText(parts);
  if (options.output !== '-' && options.trace !== true) printOut(text);
  else if (options.quiet !== true) printError(text);
}

/** Runs and tells. Throws a failure, and then nothing is left of what was written. */
export async function perform(cli: Cli, plan: RunPlan): Promise<void> {
  const { options, header } = plan;
  const out = outputOf(options);
  const voice = await voiceOf(cli, options);
  const { values } = await cli.settings();
  const force = options.force === true;
  const stateSink = options.state === undefined ? undefined : createFileSink(options.state, { force });
  const { frameBytes } = values;
  let report: HtmlReport | undefined;
  const recordingPlan = { header, frameBytes, out, trace: options.trace === true, force };
  let recording: Recording | undefined;
  let done: Done;
  let tape: TapeEnd;
  try {
    if (options.html !== undefined)
      report = (await import('./html-report.ts')).openReport(options.html, force);
    recording = await createRecording(recordingPlan);
    done = await runPlan(plan, recording, report, voice);
    tape = recording.commit({ build: { version: VERSION } });
    if (stateSink !== undefined) saveState(stateSink, plan, done, tape);
    if (report !== undefined) writeReport(report, plan, done, tape);
  } catch (error) {
    stateSink?.abandon();
    report?.abandon();
    recording?.abandon();
    const file = out === undefined || out.path === '-' ? options.state : out.path;
    throw file === undefined ? error : withoutFile(error, file);
  }
  const { sim, fromSeq, ticks, stop, ms } = done;
  tellSummary(options, {
    sim,
    origin: plan.origin,
    tape,
    fromSeq,
    isJoined: plan.isJoined,
    isInterrupted: stop.type === 'interrupted',
    out,
    state: options.state,
    next: plan.next(sim.recorder.nextSeq),
  });
  // Asked for, so it is said even to those who want it quiet.
  if (ticks !== undefined)
    for (const line of perfLines(sim, ticks, { events: sim.recorder.nextSeq - fromSeq, ms }))
      printError(`truetape: ${line}\n`);
  if (options.html !== undefined) voice.note(`${options.html} shows it: open it in a browser`);
  tellEnd(cli, plan, done, voice);
}
