/**
 * Cells straight from records: a checked record of a command fills a command's place without any object. What it gives
 * is what `commandOfEvent` gives of the record's event; what is not usual is left to that.
 */
import { Kind, NONE } from '@truetape/contracts';
import type { Epoch, RecordBuffer } from '@truetape/contracts';
import * as C from './command.ts';
import type { CommandBuffer } from './command.ts';

// Bound here, see store.ts.
const NEW_ORDER = Kind.NewOrder;
const CANCEL_ORDER = Kind.CancelOrder;
const AMEND_ORDER = Kind.AmendOrder;
const ALL = Kind.CancelAll;
const TWO_32 = 4_294_967_296;
const { COMMAND_CELLS, FOK, GTC, MARKET, OP_AMEND, OP_CANCEL, OP_CANCEL_ALL, OP_NEW, OP_REDUCE } = C;
const { POST_ONLY_SLIDE, QTY_REMAINING } = C;
const ABSENT = NONE;

/** Code of `reduceBy` in the vocabulary `qtyMode`. */
const REDUCE_BY = 3;
/** Where choices stand in a command's code, see `commandCode`. */
const TYPE_SHIFT = 6;
const TIF_SHIFT = 8;
const POST_ONLY_SHIFT = 11;
const STP_SHIFT = 13;
const QTY_MODE_SHIFT = 16;
const EVERYONE_SHIFT = 18;
const SIDE_BITS = 0x30;

/**
 * Fills place `k` from the checked record at half word `i`, with the record's time as ns since the epoch. False, and
 * nothing said of the place, where the record is no command or none of the usual ones.
 */
export function takeCommandRecord(
  records: RecordBuffer,
  i: number,
  epoch: Epoch,
  commands: CommandBuffer,
  k: number,
): boolean {
  const { i32, u32 } = records;
  const head = u32[i];
  const words = head & 0xffff;
  // The two bits of the side stand in a code where they stand in a record's flags.
  const side = (head >>> 24) & SIDE_BITS;
  const to = commands.u32;
  const { f64 } = commands;
  const cell = k * COMMAND_CELLS;
  switch ((head >>> 16) & 0xff) {
    case NEW_ORDER: {
      const packed = u32[i + 12];
      const type = packed & 0xff;
      const tif = (packed >>> 8) & 0xff;
      const postOnly = (packed >>> 16) & 0xff;
      if (words > 12 || side === 0 || type === 0 || type > MARKET) return false;
      if (tif > FOK || postOnly > POST_ONLY_SLIDE) return false;
      // Position side and what closes a position are no book's.
      if (words > 9 && (i32[i + 18] | i32[i + 19]) !== 0) return false;
      const choices = (type << TYPE_SHIFT) | ((tif === 0 ? GTC : tif) << TIF_SHIFT);
      to[cell * 2] = OP_NEW | side | choices | (postOnly << POST_ONLY_SHIFT) | ((packed >>> 24) << STP_SHIFT);
      to[cell * 2 + 1] = u32[i + 13];
      f64[cell + 2] = i32[i + 9] * TWO_32 + u32[i + 8];
      f64[cell + 3] = i32[i + 11] * TWO_32 + u32[i + 10];
      const minQtyLots = words > 8 ? i32[i + 17] * TWO_32 + u32[i + 16] : 0;
      f64[cell + 4] = minQtyLots === ABSENT ? 0 : minQtyLots;
      break;
    }
    case CANCEL_ORDER:
      if (words > 7) return false;
      to[cell * 2] = OP_CANCEL;
      to[cell * 2 + 1] = u32[i + 8];
      f64[cell + 2] = ABSENT;
      f64[cell + 3] = ABSENT;
      f64[cell + 4] = 0;
      break;
    case AMEND_ORDER: {
      const qtyMode = i32[i + 12] & 0xff;
      const postOnly = (i32[i + 12] >>> 8) & 0xff;
      const priceTicks = i32[i + 9] * TWO_32 + u32[i + 8];
      const qtyLots = i32[i + 11] * TWO_32 + u32[i + 10];
      if (words > 10 || (words > 7 && i32[i + 15] * TWO_32 + u32[i + 14] !== ABSENT)) return false;
      if (qtyMode > REDUCE_BY || postOnly > POST_ONLY_SLIDE) return false;
      if (qtyMode === 0 && qtyLots !== ABSENT) return false;
      if (qtyMode === REDUCE_BY) {
        if (priceTicks !== ABSENT || postOnly !== 0) return false;
        to[cell * 2] = OP_REDUCE;
      } else {
        const mode = qtyMode === 0 ? QTY_REMAINING : qtyMode;
        to[cell * 2] = OP_AMEND | (postOnly << POST_ONLY_SHIFT) | (mode << QTY_MODE_SHIFT);
      }
      to[cell * 2 + 1] = u32[i + 13];
      f64[cell + 2] = priceTicks;
      f64[cell + 3] = qtyLots;
      f64[cell + 4] = 0;
      break;
    }
    case ALL:
      if (words > 6) return false;
      to[cell * 2] = OP_CANCEL_ALL | side | ((i32[i + 7] & 0xff) << EVERYONE_SHIFT);
      to[cell * 2 + 1] = u32[i + 6];
      f64[cell + 2] = ABSENT;
      f64[cell + 3] = ABSENT;
      f64[cell + 4] = 0;
      break;
    default:
      return false;
  }
  const isAll = (head & 0xff0000) === ALL << 16;
  f64[cell + 1] = isAll ? ABSENT : i32[i + 7] * TWO_32 + u32[i + 6];
  to[cell * 2 + 10] = u32[i + 1] & 0xffff;
  to[cell * 2 + 11] = u32[i + 1] >>> 16;
  f64[cell + 6] = ABSENT;
  f64[cell + 7] = (u32[i + 3] - epoch.hi) * TWO_32 + (u32[i + 2] - epoch.lo);
  return true;
}
