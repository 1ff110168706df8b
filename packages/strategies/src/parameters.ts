/** Parameters that strategies have in common. */
import { z } from 'zod';

const LOTS_MAX = 1_000_000_000_000;
const TICKS_MAX = 1_000_000_000;
const SPAN_MAX = 86_400_000_000_000;

export const lots: z.ZodInt = z.int().min(1).max(LOTS_MAX);
export const ticks: z.ZodInt = z.int().min(1).max(TICKS_MAX);
export const ticksFromZero: z.ZodInt = z.int().min(0).max(TICKS_MAX);
/** Nanoseconds, a microsecond to a day. */
export const spanNs: z.ZodInt = z.int().min(1000).max(SPAN_MAX);
export const barCount: z.ZodInt = z.int().min(2).max(10_000);
export const side: z.ZodEnum<{ buy: 'buy'; sell: 'sell' }> = z.enum(['buy', 'sell']);
