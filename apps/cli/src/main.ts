/** Runs the command line and returns its exit code. */
export async function main(args: readonly string[]): Promise<number> {
  process.stderr.write(`truetape: no command ${args[0] ?? ''}\n`);
  return 2;
}
