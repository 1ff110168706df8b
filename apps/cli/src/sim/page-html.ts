/** Pieces of HTML with texts that cannot break out of it. */

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A text as it stands in an element or a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (found) => ESCAPES[found]);
}

/** The head of a page that loads nothing. */
export function headHtml(page: {
  readonly title: string;
  /** Of the content, see Content-Security-Policy. */
  readonly policy: string;
  readonly comment?: string;
  readonly style: string;
}): string {
  const { title, policy, comment, style } = page;
  return [
    '<!DOCTYPE html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    '<link rel="icon" href="data:,">',
    `<title>${escapeHtml(title)}</title>`,
    ...(comment === undefined ? [] : [`<!-- ${comment.replaceAll('--', '- -')}\n-->`]),
    `<style>${style}</style>`,
    '</head>',
  ].join('\n');
}

/** A table that scrolls in a frame of its own where the screen is narrow; its titles and cells are HTML. */
export function tableHtml(name: string, titles: readonly string[], rows: readonly string[]): string {
  const head = titles.map((title) => (title === '' ? '<td></td>' : `<th scope="col">${title}</th>`)).join('');
  return [
    `<div class="card scroll" tabindex="0" role="region" aria-label="${escapeHtml(name)}"><table>`,
    `<thead><tr>${head}</tr></thead>`,
    `<tbody>\n${rows.join('\n')}\n</tbody>`,
    '</table></div>',
  ].join('\n');
}
