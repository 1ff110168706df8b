/** The shape of each setting. */
import { z } from 'zod';
import { usageFailure } from './failure.ts';
import { SETTING_NAMES } from './settings.ts';
import type { SettingLayer, SettingName, Settings } from './settings.ts';

const SHAPES = {
  color: z.enum(['auto', 'always', 'never']),
  quiet: z.boolean(),
  frameBytes: z.int().min(1024).max(8388608),
  clockOffset: z.union([z.enum(['measure', 'auto']), z.string().regex(/^-?[0-9]{1,16}$/)]),
  onBadLine: z.enum(['fail', 'skip']),
  context: z.int().min(0).max(1000),
  levels: z.int().min(1).max(100000),
} satisfies { readonly [name in SettingName]: z.ZodType };

const EXPECTED: { readonly [name in SettingName]: string } = {
  color: 'auto, always or never',
  quiet: 'true or false',
  frameBytes: 'an integer from 1024 to 8388608',
  clockOffset: 'measure, auto or a number of ns',
  onBadLine: 'fail or skip',
  context: 'an integer from 0 to 1000',
  levels: 'an integer from 1 to 100000',
};

function isSetting(name: string): name is SettingName {
  return (SETTING_NAMES as readonly string[]).includes(name);
}

/** Text of the environment as the value it stands for. */
function readText(name: SettingName, text: string): unknown {
  if (name === 'quiet')
    return text === '1' ? true : text === '0' ? false : { true: true, false: false }[text];
  const isNumber = name === 'frameBytes' || name === 'context' || name === 'levels';
  return isNumber && /^[0-9]+$/.test(text) ? Number(text) : text;
}

/** Checks a layer's values. Throws a usage failure for a name that is no setting and for a bad value. */
export function checkLayer(layer: SettingLayer): Partial<Settings> {
  const checked: Record<string, unknown> = {};
  for (const [name, given] of Object.entries(layer.values)) {
    if (!isSetting(name)) {
      throw usageFailure(
        `${layer.origin('color')}: there is no setting ${name}`,
        `settings are ${SETTING_NAMES.join(', ')}`,
      );
    }
    const text = name === 'clockOffset' && typeof given === 'number' ? String(given) : given;
    const value = layer.isText ? readText(name, String(text)) : text;
    const parsed = SHAPES[name].safeParse(value);
    if (!parsed.success) {
      throw usageFailure(
        `${layer.origin(name)}: ${name}: expected ${EXPECTED[name]}, found ${JSON.stringify(given)}`,
        'correct or remove it',
      );
    }
    checked[name] = parsed.data;
  }
  return checked;
}
