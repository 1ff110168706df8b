// One command that ends more orders than names are kept of those that ended.
import { ENDED_MAX, GTC, LIMIT, BUY, OP_CANCEL_ALL, OP_NEW, commandCode, idJson } from '@truetape/book';
import { expect, test } from 'vitest';
import { submit } from '../src/index.ts';
import { beginLog, createLog, endLog, foldTape, kind } from './books.ts';

// Fails when names are forgotten before they were told.
test('all of its orders are told by their names', () => {
  const log = createLog({ instruments: [] }, undefined, 1 << 20);
  beginLog(log);
  const { service, writer, machine } = log;
  const asked = { owner: '', instrument: undefined, priceTicks: 7, qtyLots: 1, minQtyLots: 0 };
  const code = commandCode({ op: OP_NEW, side: BUY, type: LIMIT, tif: GTC });
  const count = ENDED_MAX + 10;
  for (let k = 0; k < count; k++) submit(service, writer, { ...asked, code, id: `o${k}` }, k, 0);
  const all = commandCode({ op: OP_CANCEL_ALL, everyone: true });
  const { reports, names } = submit(service, writer, { ...asked, code: all, id: undefined }, count, 0);
  expect(reports.count).toBe(count + 1);
  for (let k = 0; k < count; k++) expect(idJson(names, 1, reports.f64[k * 8 + 2])).toBe(`"o${k}"`);
  expect([machine.state.names.young.size, machine.state.names.old.size]).toEqual([10, ENDED_MAX]);
  const folded = kind.create();
  expect(foldTape(folded, endLog(log))).toBeUndefined();
  expect(folded.hash()).toBe(machine.hash());
});
