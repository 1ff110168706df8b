/** The version of the command line; a test holds it to package.json. */
export const VERSION = '0.0.0';
