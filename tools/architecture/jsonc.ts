// JSON with comments, as tsconfig files use it: a literal of JavaScript, so the parser of the checks reads
// it.

import { parseSync } from 'oxc-parser';
import type { Expression } from 'oxc-parser';

/** The value of a JSON text with comments and trailing commas. Throws on anything that is no literal. */
export function parseJsonc(text: string): unknown {
  const { program, errors } = parseSync('config.js', `(${text}\n)`, { preserveParens: false });
  const statement = program.body[0];
  if (errors.length > 0 || statement?.type !== 'ExpressionStatement')
    throw new SyntaxError(errors[0]?.message);
  return evaluate(statement.expression);
}

function evaluate(node: Expression): unknown {
  if (node.type === 'Literal') return node.value;
  if (node.type === 'ArrayExpression') return node.elements.map((element) => evaluate(element as Expression));
  if (node.type !== 'ObjectExpression') throw new SyntaxError(`${node.type} is no JSON`);
  const entries = node.properties.map((property) => {
    if (property.type !== 'Property' || property.key.type !== 'Literal')
      throw new SyntaxError('no JSON property');
    return [String(property.key.value), evaluate(property.value)] as const;
  });
  return Object.fromEntries(entries);
}
