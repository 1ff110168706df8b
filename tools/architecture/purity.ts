// Bans for pure packages that the linter has no rule for. The others (globals, locale methods, node:*
// imports, default exports) stand in .oxlintrc.json; a test shows that each ban of both lists is found.

import type { Finding } from './finding.ts';
import { isNode, lineAt, literalText, walk } from './syntax.ts';
import type { SourceTree, SyntaxNode } from './syntax.ts';

/**
 * What of Math gives the same bits on every Node release. `sqrt`, `fround` and the roundings are exact by
 * IEEE 754; exp, log, pow, the trigonometric functions and hypot are not, and random is not at all.
 */
const MATH_ALLOWED: ReadonlySet<string> = new Set(
  'abs ceil clz32 floor fround imul max min round sign sqrt trunc'.split(' '),
);

/** The bans that one parsed file of a pure package breaks. */
export function scanPurity(tree: SourceTree): readonly Finding[] {
  const findings: Finding[] = [];
  if (tree.path.endsWith('.d.ts')) return findings; // describes a foreign module as it is
  walk(tree.program, (node, parent) => {
    const broken = brokenBan(node, parent);
    if (broken === undefined) return;
    const [rule, message] = broken;
    findings.push({ path: tree.path, line: lineAt(tree.text, node.start), rule, message });
  });
  return findings;
}

function brokenBan(node: SyntaxNode, parent: SyntaxNode | undefined): readonly [string, string] | undefined {
  switch (node.type) {
    case 'BinaryExpression':
      return node['operator'] === '**' ? ['power', '** differs between Node releases'] : undefined;
    case 'AssignmentExpression':
      return node['operator'] === '**=' ? ['power', '**= differs between Node releases'] : undefined;
    case 'Identifier':
      return node['name'] === 'Math' ? brokenMath(node, parent) : undefined;
    case 'TSEnumDeclaration':
      return ['enum', 'use a union of literals and a table'];
    case 'ExportDefaultDeclaration':
      return ['default-export', 'export by name'];
    case 'MetaProperty':
      return isNode(node['meta']) && node['meta']['name'] === 'import'
        ? ['import-meta', 'a pure package does not know where it lies']
        : undefined;
    case 'AwaitExpression':
    case 'ForOfStatement':
      return node.type === 'AwaitExpression' || node['await'] === true
        ? ['await', 'pure is synchronous']
        : undefined;
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return node['async'] === true ? ['await', 'pure is synchronous'] : undefined;
    default:
      return undefined;
  }
}

/**
 * Math is used only as `Math.name` with an allowed name, so that neither an alias nor a computed name hides
 * one.
 */
function brokenMath(node: SyntaxNode, parent: SyntaxNode | undefined): readonly [string, string] | undefined {
  if (parent?.type === 'MemberExpression') {
    if (parent['property'] === node && parent['computed'] !== true) return undefined; // some.Math
    const property = parent['property'] as SyntaxNode;
    const name = parent['computed'] === true ? literalText(property) : String(property['name']);
    if (name !== undefined && MATH_ALLOWED.has(name)) return undefined;
    return ['math', `Math.${name ?? '…'} is not the same on every Node release`];
  }
  return ['math', 'Math is used only as Math.name'];
}
