import { onTestFinished } from 'vitest';
import { type Fact, facts } from '../../src/telemetry.ts';

/** Collects the facts that are published from now on until the test ends. */
export function collectFacts(): Fact[] {
  const collected: Fact[] = [];
  onTestFinished(facts.subscribe((fact) => void collected.push(fact)));
  return collected;
}
