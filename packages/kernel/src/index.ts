// The public surface of @truetape/kernel.
export { assert, InvariantError } from './assert.ts';
export { createCrc32, CRC_LARGE_BYTES, crc32Small, type Crc32 } from './crc.ts';
export {
  DECIMAL_CHARS_MAX,
  formatDecimal,
  parseDecimal,
  scaleOf,
  type Decimal,
  type DecimalError,
} from './decimal.ts';
export {
  armDoorbell,
  createDoorbell,
  disarmDoorbell,
  ringDoorbell,
  sleepAtDoorbell,
  type Doorbell,
} from './doorbell.ts';
export { drawExponential, drawNormal, drawPareto, NORMAL_ONE } from './draws.ts';
export { fromHex, toHex } from './hex.ts';
export {
  createHistogram,
  equalHistograms,
  histogramBuckets,
  mergeHistogram,
  percentile,
  PERCENTILE_PARTS,
  percentileBounds,
  recordTimes,
  recordValue,
  restoreHistogram,
  saveHistogram,
  summarizeHistogram,
  type Histogram,
  type HistogramBucket,
  type HistogramState,
  type HistogramStateError,
  type HistogramSummary,
} from './histogram.ts';
export {
  appendToLane,
  copyToLane,
  createLane,
  createLanePool,
  LANE_CELLS,
  laneDue,
  laneSlot,
  popLane,
  restoreLane,
  saveLane,
  shiftLane,
  type Lane,
  type LanePool,
  type LaneState,
  type LaneStateError,
} from './lane.ts';
export {
  createLifecycle,
  LIFECYCLE,
  LIFECYCLE_TABLE,
  type LifecycleControl,
  type LifecycleState,
  type LifecycleView,
} from './lifecycle.ts';
export {
  createQuantum,
  formatNotional,
  formatQuanta,
  notional,
  parseQuanta,
  quantaToDecimal,
  STEP_SCALE_MAX,
  toQuanta,
  type Quantum,
} from './quantum.ts';
export {
  createStream,
  restoreStream,
  type RandomState,
  type RandomStateError,
  type RandomStream,
} from './random.ts';
export { ratioFixed } from './ratio.ts';
export { divideRounded, ROUNDINGS, type Rounding } from './rounding.ts';
export {
  CONTRACT_CLASSES,
  createTerms,
  fineOfTicks,
  quickValue,
  valueOf,
  type ContractClass,
  type ContractTerms,
  type TermsError,
  type TermsInput,
} from './terms.ts';
export {
  BUS_EMPTY,
  BUS_HALTED,
  BUS_OVERRUN,
  claimCell,
  createRingBus,
  isHalted,
  isOverrun,
  lostEvents,
  lostFrom,
  lostTo,
  nextSeq,
  openBusConsumer,
  overrunCount,
  pollBus,
  polledSeq,
  publishCell,
  publishedSeq,
  unreadEvents,
  type BusConfig,
  type BusConsumer,
  type BusPolicy,
  type RingBus,
} from './ring-bus.ts';
export {
  createSharedSnapshot,
  endSnapshot,
  isSnapshotEnded,
  openSnapshotReader,
  openSnapshotWriter,
  publishSnapshot,
  readSnapshot,
  snapshotVersion,
  type SharedSnapshot,
  type SnapshotReader,
  type SnapshotWriter,
} from './sequence-lock.ts';
export { sha256Of, type Sha256, type Sha256Hasher } from './sha256.ts';
export {
  closeRing,
  createSharedRing,
  isRingDrained,
  isRingStopped,
  offerCells,
  openRingConsumer,
  openRingProducer,
  pollCells,
  readyCells,
  ringBacklog,
  ringCounters,
  stopRing,
  unreadCells,
  type ProducerOptions,
  type RingConfig,
  type RingConsumer,
  type RingCounters,
  type RingOverflow,
  type RingProducer,
  type SharedRing,
} from './shared-ring.ts';
export { addProduct, addTo, createSum, sumValue, type Sum } from './sum.ts';
export {
  clearSource,
  createAgenda,
  priorityOf,
  saveSources,
  setSource,
  setSourceAs,
  SOURCES_MAX,
  sourceTime,
  topSource,
  type Agenda,
} from './agenda.ts';
