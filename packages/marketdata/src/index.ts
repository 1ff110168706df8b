// The public surface of @truetape/marketdata; it grows with the first capability that needs it.
export {};
