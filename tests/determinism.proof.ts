// The same bytes on Node 24 and 26, each with plain and with hostile settings.
import { compareProducers } from './compare-producers.ts';
import { ENVIRONMENTS } from './under-nodes.ts';

compareProducers(ENVIRONMENTS);
