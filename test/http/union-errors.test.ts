import { expect, it } from 'vitest';
import { explainUnion } from '../../src/http/union-errors.ts';

const union = { keyword: 'anyOf', instancePath: '', schemaPath: '#/anyOf', params: {} };
const missing = (schema: string, missingProperty: string) => ({
  keyword: 'required',
  instancePath: '',
  schemaPath: `${schema}/required`,
  params: { missingProperty },
});
const wrong = (schema: string, instancePath: string) => ({
  keyword: 'type',
  instancePath,
  schemaPath: `${schema}#/properties${instancePath}/type`,
  params: {},
});

it.each([
  [
    'the member that each lacks',
    [missing('A', 'a'), missing('B', 'b'), union],
    ['/a is required, or b'],
  ],
  ['the schema that lacks less', [missing('A', 'a'), wrong('B', '/b'), union], ['/b undefined']],
  [
    'the first of two that are alike',
    [missing('A', 'a'), missing('A', 'c'), missing('B', 'b'), missing('B', 'c'), union],
    [' undefined', ' undefined'],
  ],
  ['no union', [wrong('A', '/a')], ['/a undefined']],
])('the errors of a union are those of %s', (_, rules, expected) => {
  const errors = explainUnion(rules).map(
    ({ instancePath, message }) => `${instancePath} ${message}`,
  );
  expect(errors).toEqual(expected);
});
