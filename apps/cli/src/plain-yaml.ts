/** Configurations as they are written. */
import { usageFailure } from './failure.ts';

/**
 * YAML, and JSON with it, as plain data. Throws a usage failure for what is neither, has a tag that means nothing
 * here, or leads back to where it stands; `name` is that of the file.
 */
export async function plainYaml(name: string, text: string): Promise<unknown> {
  const { parseDocument } = await import('yaml');
  try {
    const document = parseDocument(text);
    const [wrong] = [...document.errors, ...document.warnings];
    if (wrong !== undefined) throw wrong;
    const content: unknown = document.toJS();
    // Throws where an alias stands within what it names.
    JSON.stringify(content);
    return content;
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw usageFailure(`${name}: expected YAML or JSON, found something else: ${reason}`);
  }
}
