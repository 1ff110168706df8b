// Source files as syntax trees: a walk over all nodes, and every way in which a file can name another module.

import { parseSync, visitorKeys } from 'oxc-parser';

/** A node of the tree, as far as a generic walk knows it. */
export type SyntaxNode = { readonly type: string; readonly start: number; readonly [field: string]: unknown };

/** A parsed file. */
export type SourceTree = {
  readonly path: string;
  readonly text: string;
  readonly program: SyntaxNode;
  readonly comments: readonly { readonly value: string; readonly start: number }[];
};

/** One mention of a module; `specifier` is undefined where it is computed. */
export type ModuleMention = { readonly specifier: string | undefined; readonly start: number };

/** Parses a file. A syntax error throws: the type check reports it better. */
export function parseSource(path: string, text: string): SourceTree {
  const { program, comments, errors } = parseSync(path, text);
  if (errors.length > 0) throw new SyntaxError(`${path}: ${errors[0]?.message}`);
  return { path, text, program: program as unknown as SyntaxNode, comments };
}

/** Calls `visit` with every node and its parent, parents first. */
export function walk(
  node: SyntaxNode,
  visit: (node: SyntaxNode, parent?: SyntaxNode) => void,
  parent?: SyntaxNode,
): void {
  visit(node, parent);
  for (const key of visitorKeys[node.type] ?? []) {
    const value = node[key];
    for (const child of Array.isArray(value) ? value : [value]) {
      if (isNode(child)) walk(child, visit, node);
    }
  }
}

/** Imports, type imports, re-exports, dynamic imports, `import('x').T` types and triple-slash references. */
export function moduleMentions(tree: SourceTree): readonly ModuleMention[] {
  const mentions: ModuleMention[] = [];
  walk(tree.program, (node) => {
    const from = moduleField(node);
    if (from !== undefined) mentions.push({ specifier: literalText(from), start: node.start });
  });
  for (const { value, start } of tree.comments) {
    const reference = /^\/\s*<reference\s+(?:types|path)=["']([^"']+)["']/.exec(value);
    if (reference !== null) mentions.push({ specifier: reference[1], start });
  }
  return mentions;
}

/** The text of a string literal or of a template without substitutions. */
export function literalText(node: unknown): string | undefined {
  if (!isNode(node)) return undefined;
  if (node.type === 'Literal' && typeof node['value'] === 'string') return node['value'];
  if (node.type === 'TSLiteralType') return literalText(node['literal']);
  if (node.type !== 'TemplateLiteral') return undefined;
  const quasis = node['quasis'] as readonly { readonly value: { readonly cooked: string } }[];
  return quasis.length === 1 ? quasis[0]?.value.cooked : undefined;
}

/** 1-based line of an offset. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}

export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

function moduleField(node: SyntaxNode): unknown {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
    case 'ImportExpression':
    case 'TSImportType':
      return node['source'] ?? node['argument'];
    case 'ExportNamedDeclaration':
      return node['source'] ?? undefined;
    case 'TSExternalModuleReference':
      return node['expression'];
    case 'CallExpression':
      return isNode(node['callee']) && node['callee']['name'] === 'require'
        ? (node['arguments'] as readonly unknown[])[0]
        : undefined;
    default:
      return undefined;
  }
}
