/** Decimal digits alone, and few enough of them that none becomes Infinity. */
const DECIMAL: Record<string, RegExp> = {
  integer: /^-?\d{1,16}$/,
  number: /^-?(?:\d{1,16}|\d{0,16}\.\d{1,16})$/,
};

interface TextSchema {
  properties?: Record<string, object>;
}

/**
 * Makes Ajv refuse numbers that are not plain decimals. When it converts text it also takes " ", "0x10"
 * and "1e3", and "Infinity" and "1e400", which then pass every minimum and maximum. Such text becomes
 * "NaN" here, the one that Ajv never takes for a number.
 */
export function refuseOddNumbers(schema: TextSchema, values: Record<string, unknown>): void {
  for (const [name, member] of Object.entries(schema.properties ?? {})) {
    const { type = '' } = member as { type?: string };
    const value = values[name];
    if (typeof value === 'string' && DECIMAL[type]?.test(value) === false) values[name] = 'NaN';
  }
}
