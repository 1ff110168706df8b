// The layer check from the command line: prints each finding, exits 1 if there is one.

import { formatFinding } from './finding.ts';
import { readRepository } from './repository.ts';
import { checkRepository } from './rules.ts';

const repository = readRepository();
const findings = checkRepository(repository);
for (const finding of findings) process.stderr.write(`${formatFinding(finding)}\n`);
process.stderr.write(`layers: ${repository.packages.length} packages, ${findings.length} findings\n`);
process.exitCode = findings.length === 0 ? 0 : 1;
