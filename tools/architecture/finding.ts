/** One broken rule at one place. */
export type Finding = {
  readonly path: string;
  readonly line: number;
  readonly rule: string;
  readonly message: string;
};

/** The finding as a line that editors and terminals can jump to. */
export function formatFinding({ path, line, rule, message }: Finding): string {
  return `${path}:${line} ${rule}: ${message}`;
}
