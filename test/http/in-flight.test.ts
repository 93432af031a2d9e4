import { expect, it } from 'vitest';
import { createInFlight } from '../../src/http/in-flight.ts';

it('lets each client hold its share, and forgets a client that holds nothing', () => {
  const inFlight = createInFlight(2);
  expect(['a', 'a', 'a', 'b'].map((client) => inFlight.enter(client))).toEqual([
    true,
    true,
    false,
    true,
  ]);
  inFlight.leave('a');
  expect(inFlight.enter('a')).toBe(true);
  for (const client of ['a', 'a', 'b']) inFlight.leave(client);
  expect(inFlight.clients).toBe(0);
});
