// The public surface of @truetape/orders.
export {};
