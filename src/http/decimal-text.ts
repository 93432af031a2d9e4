/** Plain decimals with few enough digits that none becomes Infinity. */
const DECIMAL: Record<string, RegExp> = {
  integer: /^-?\d{1,16}$/,
  number: /^-?(?:\d{1,16}|\d{0,16}\.\d{1,16})$/,
};

interface TextSchema {
  properties?: Record<string, object>;
}

/**
 * Makes Ajv refuse numbers that are not plain decimals, by replacing them with "NaN". Ajv itself would
 * convert " ", "0x10" and "1e3", and also "Infinity" and "1e400", which pass every minimum and maximum.
 */
export function replaceUnusualNumbers(schema: TextSchema, values: Record<string, unknown>): void {
  for (const [name, member] of Object.entries(schema.properties ?? {})) {
    const { type = '' } = member as { type?: string };
    const value = values[name];
    if (typeof value === 'string' && DECIMAL[type]?.test(value) === false) values[name] = 'NaN';
  }
}
