/** Orders of an operator with their times: a script that can be given to a run. */
import { err, ok } from '@truetape/contracts';
import type { Result } from '@truetape/contracts';
import { z } from 'zod';
import { KILL_LEVELS } from './config.ts';
import type { RiskProblem } from './config.ts';
import type { OperatorOrder } from './watch.ts';

/** An order and the ns from the start of the run at which it is given. */
export interface TimedOrder extends OperatorOrder {
  readonly atNs: number;
}

const atNs = z.int().min(0).max(Number.MAX_SAFE_INTEGER);

const script = z
  .array(
    z.discriminatedUnion('command', [
      z.strictObject({ atNs, command: z.literal('kill'), level: z.enum(KILL_LEVELS).exactOptional() }),
      z.strictObject({ atNs, command: z.literal('resume'), rebase: z.boolean().exactOptional() }),
      z.strictObject({ atNs, command: z.literal('flatten') }),
    ]),
  )
  .max(10_000) satisfies z.ZodType<readonly TimedOrder[]>;

/** Checks a script: its times never go back. Every problem is told. */
export function parseOperatorScript(value: unknown): Result<readonly TimedOrder[], readonly RiskProblem[]> {
  const parsed = script.safeParse(value);
  if (!parsed.success)
    return err(parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), problem: message })));
  const orders = parsed.data;
  const back = orders.findIndex(({ atNs }, k) => k > 0 && atNs < orders[k - 1].atNs);
  if (back < 0) return ok(orders);
  return err([{ path: `${back}.atNs`, problem: 'times in their order are expected' }]);
}
