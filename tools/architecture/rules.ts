// The layer check: imports, manifests and compiler settings of all packages against the layer data.

import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import type { Finding } from './finding.ts';
import { LAYERS } from './layers.ts';
import type { PackageLayer } from './layers.ts';
import { scanPurity } from './purity.ts';
import type { PackageFolder, Repository, TextFile, TsConfig } from './repository.ts';
import { lineAt, moduleMentions, parseSource } from './syntax.ts';

const SCOPE = '@truetape/';

/** Every broken rule of the repository, in the order of the packages. Empty is the only good answer. */
export function checkRepository(
  repository: Repository,
  layers: readonly PackageLayer[] = LAYERS,
): readonly Finding[] {
  const byName = new Map(layers.map((layer) => [layer.name, layer]));
  return repository.packages.flatMap((one) => {
    const layer = layers.find(({ folder }) => folder === one.folder);
    if (layer === undefined)
      return [at(`${one.folder}/package.json`, 'unknown-package', 'has no layer in layers.ts')];
    return [
      ...checkManifest(one, layer, byName),
      ...checkTsConfig(one, layer),
      ...checkBuilt(one, repository.tsconfig),
      ...one.sources.flatMap((source) => checkSource(source, one, layer, byName)),
      ...one.around.flatMap((file) => checkReach(file, one)),
    ];
  });
}

function checkManifest(
  { folder, manifest }: PackageFolder,
  layer: PackageLayer,
  byName: ReadonlyMap<string, PackageLayer>,
): readonly Finding[] {
  const path = `${folder}/package.json`;
  const findings: Finding[] = [];
  if (manifest.name !== SCOPE + layer.name)
    findings.push(at(path, 'package-name', `is not ${SCOPE}${layer.name}`));
  for (const [name, range] of Object.entries(manifest.dependencies ?? {})) {
    if (!name.startsWith(SCOPE)) continue;
    if (range !== 'workspace:*')
      findings.push(at(path, 'workspace-range', `${name} is ${range}, not workspace:*`));
    findings.push(...checkDirection(path, 1, layer, byName.get(name.slice(SCOPE.length)), name));
  }
  return findings;
}

/**
 * A pure package must say itself that no ambient types are in reach, and each dependency must be built before
 * it.
 */
function checkTsConfig(
  { folder, manifest, tsconfig }: PackageFolder,
  layer: PackageLayer,
): readonly Finding[] {
  const path = `${folder}/tsconfig.json`;
  const findings: Finding[] = [];
  if (layer.purity === 'pure') {
    const { types, lib } = tsconfig.compilerOptions ?? {};
    if (!Array.isArray(types) || types.length > 0)
      findings.push(at(path, 'ambient-types', 'a pure package has types: []'));
    if (lib !== undefined)
      findings.push(at(path, 'ambient-types', 'the library of a pure package is that of the base'));
    if (tsconfig.extends !== '../../tsconfig.base.json')
      findings.push(at(path, 'ambient-types', 'extends another base'));
  }
  const referenced = new Set((tsconfig.references ?? []).map((one) => posix.join(folder, one.path)));
  for (const name of Object.keys(manifest.dependencies ?? {})) {
    const target = LAYERS.find((one) => SCOPE + one.name === name);
    if (target !== undefined && !referenced.has(target.folder)) {
      findings.push(at(path, 'missing-reference', `${name} is a dependency, but no project reference`));
    }
  }
  return findings;
}

/** What the root tsconfig does not reference, the type check does not see. */
function checkBuilt({ folder, around }: PackageFolder, root: TsConfig): readonly Finding[] {
  const built = new Set((root.references ?? []).map((one) => posix.normalize(one.path)));
  const wanted = new Set([folder, ...around.map(({ path }) => path.split('/').slice(0, 3).join('/'))]);
  return [...wanted]
    .filter((one) => !built.has(one))
    .map((one) =>
      at('tsconfig.json', 'missing-reference', `${one} is not referenced: it is never type-checked`),
    );
}

function checkSource(
  source: TextFile,
  { folder, manifest }: PackageFolder,
  layer: PackageLayer,
  byName: ReadonlyMap<string, PackageLayer>,
): readonly Finding[] {
  const tree = parseSource(source.path, source.text);
  const findings: Finding[] = layer.purity === 'pure' ? [...scanPurity(tree)] : [];
  const dependencies = manifest.dependencies ?? {};
  for (const { specifier, start } of moduleMentions(tree)) {
    const line = lineAt(source.text, start);
    const report = (rule: string, message: string): number =>
      findings.push({ path: source.path, line, rule, message });
    if (specifier === undefined) {
      if (layer.purity === 'pure') report('computed-import', 'the name of the module is computed');
    } else if (specifier.startsWith('.')) {
      if (leaves(source.path, specifier, folder)) report('deep-import', `${specifier} leaves the package`);
    } else if (isBuiltin(specifier) || specifier.startsWith('node:') || specifier === 'node') {
      if (layer.purity === 'pure') report('node-import', `${specifier} in a pure package`);
    } else {
      const name = packageName(specifier);
      if (name.startsWith(SCOPE)) {
        if (name !== specifier) report('deep-import', `${specifier}: import ${name}`);
        findings.push(
          ...checkDirection(source.path, line, layer, byName.get(name.slice(SCOPE.length)), name),
        );
      }
      if (!Object.hasOwn(dependencies, name))
        report('undeclared-dependency', `${name} is not in dependencies`);
    }
  }
  return findings;
}

/**
 * Tests and tools may use more than sources do, but reach other packages through their public surface as
 * well.
 */
function checkReach(file: TextFile, { folder }: PackageFolder): readonly Finding[] {
  return moduleMentions(parseSource(file.path, file.text)).flatMap(({ specifier = '', start }) => {
    const outside = specifier.startsWith('.') && leaves(file.path, specifier, folder);
    const deep = specifier.startsWith(SCOPE) && packageName(specifier) !== specifier;
    if (!outside && !deep) return [];
    const message = `${specifier} is no public surface`;
    return [{ path: file.path, line: lineAt(file.text, start), rule: 'deep-import', message }];
  });
}

function checkDirection(
  path: string,
  line: number,
  from: PackageLayer,
  to: PackageLayer | undefined,
  name: string,
): readonly Finding[] {
  if (to === undefined)
    return [{ path, line, rule: 'unknown-package', message: `${name} has no layer in layers.ts` }];
  if (to.layer < from.layer) return [];
  const rule = to.layer === from.layer ? 'sideways-import' : 'upward-import';
  return [
    { path, line, rule, message: `${from.name} (layer ${from.layer}) → ${to.name} (layer ${to.layer})` },
  ];
}

function leaves(path: string, specifier: string, folder: string): boolean {
  return !posix.join(posix.dirname(path), specifier).startsWith(`${folder}/`);
}

function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function at(path: string, rule: string, message: string): Finding {
  return { path, line: 1, rule, message };
}
