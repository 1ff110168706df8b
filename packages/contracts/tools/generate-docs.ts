export function eventsMarkdown(): string {
  return '';
}
export function eventsSchema(): string {
  return '{}\n';
}
