import { describe, expect, it } from 'vitest';
import { ANY, formatPath, parsePath } from '../../../../src/features/sum/engine/json-path.ts';

describe('a path', () => {
  it.each([
    ['$', [], '$'],
    ['$.orders[*].price', ['orders', ANY, 'price'], '$.orders[*].price'],
    [`$['orders']["price"]`, ['orders', 'price'], '$.orders.price'],
    [
      `$['a b']['it\\'s']["say \\"x\\""]`,
      ['a b', "it's", 'say "x"'],
      `$['a b']['it\\'s']['say "x"']`,
    ],
    ['$.größe._1.😀', ['größe', '_1', '😀'], '$.größe._1.😀'],
    [`$['*']['']['\\u001f\\n\\/']`, ['*', '', '\u001f\n/'], `$['*']['']['\\u001f\\n/']`],
    ["$['\ud800']", ['\ud800'], "$['\ud800']"],
  ])('%s has one spelling', (text, segments, spelling) => {
    expect(parsePath(text)).toEqual(segments);
    expect(formatPath(segments)).toBe(spelling);
  });

  it.each([
    '',
    'a',
    '$a',
    '$.',
    '$..a',
    '$.1',
    '$[0]',
    '$[1:2]',
    "$['a",
    '$.a b',
    "$['\\q']",
    '$ ',
  ])('is not %j', (text) => {
    expect(() => parsePath(text)).toThrow('is not a path such as');
  });
});
