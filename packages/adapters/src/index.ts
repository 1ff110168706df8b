// The public surface of @truetape/adapters; it grows with the first capability that needs it.
export {};
