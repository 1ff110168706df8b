/** Finds numbers by the bytes of their names, without making a string of them: FNV-1a into an open table. */
export interface TokenTable {
  slots: Int32Array;
  names: Uint8Array[];
  values: number[];
}

export function createTokens(): TokenTable {
  return { slots: new Int32Array(16).fill(-1), names: [], values: [] };
}

function hashOf(u8: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5 | 0;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ u8[at], 16777619);
  return (hash ^ (hash >>> 15)) >>> 0;
}

function slotOf(tokens: TokenTable, u8: Uint8Array, start: number, end: number): number {
  const mask = tokens.slots.length - 1;
  let slot = hashOf(u8, start, end) & mask;
  for (;;) {
    const entry = tokens.slots[slot];
    if (entry < 0) return slot;
    const name = tokens.names[entry];
    if (name.length === end - start) {
      let at = 0;
      while (at < name.length && name[at] === u8[start + at]) at += 1;
      if (at === name.length) return slot;
    }
    slot = (slot + 1) & mask;
  }
}

/** Adds a name, or gives it another value. Load stays at a half or below. */
export function addToken(tokens: TokenTable, name: Uint8Array, value: number): void {
  const slot = slotOf(tokens, name, 0, name.length);
  const known = tokens.slots[slot];
  if (known >= 0) {
    tokens.values[known] = value;
    return;
  }
  tokens.slots[slot] = tokens.names.length;
  tokens.names.push(name);
  tokens.values.push(value);
  if (tokens.names.length * 2 <= tokens.slots.length) return;
  tokens.slots = new Int32Array(tokens.slots.length * 2).fill(-1);
  for (const [entry, bytes] of tokens.names.entries())
    tokens.slots[slotOf(tokens, bytes, 0, bytes.length)] = entry;
}

/** Value of the name that the bytes spell; −1 when there is none. Values are ≥ 0. */
export function findToken(tokens: TokenTable, u8: Uint8Array, start: number, end: number): number {
  const entry = tokens.slots[slotOf(tokens, u8, start, end)];
  return entry < 0 ? -1 : tokens.values[entry];
}
