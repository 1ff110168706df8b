/** Set-up of each file of tests: what they all want of the library of properties. */
import { configureGlobal } from 'fast-check';

// A list of up to so many members is one: without this ten would be the most, whatever a property asks for.
configureGlobal({ defaultSizeToMaxWhenMaxSpecified: true });
