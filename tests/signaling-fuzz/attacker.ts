import { ATTACKS } from './attacks';

/** One attack, until this process is ended. Attackers have machines of their own: here they get what processor time the others leave. */
const [name = '', url = ''] = process.argv.slice(2);
const attack = Object.entries(ATTACKS).find(([known]) => known === name)?.[1];
if (attack === undefined) throw new Error(`There is no attack ${name}.`);
attack(url);
console.log('attacking');
