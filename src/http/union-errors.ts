import type { FastifyError } from 'fastify';

type BrokenRule = NonNullable<FastifyError['validation']>[number];

/**
 * Explains why a body matches none of several named schemas: keeps the errors of the schema that it comes
 * closest to. Ajv reports the errors of each schema, and then one of the keyword `anyOf`.
 */
export function explainUnion(rules: BrokenRule[]): BrokenRule[] {
  const union = rules.find(({ keyword, instancePath }) => keyword === 'anyOf' && !instancePath);
  if (!union) return rules;
  const others = rules.filter((rule) => rule !== union);
  const schemas = [...Map.groupBy(others, nameOfSchema).values()].toSorted(
    (a, b) => missingMembers(a).length - missingMembers(b).length || a.length - b.length,
  );
  const [closest = rules] = schemas;
  const lacksOneMember = schemas.every(
    (errors) => errors.length === 1 && missingMembers(errors)[0],
  );
  if (schemas.length < 2 || !lacksOneMember) return closest;
  const [member, ...alternatives] = schemas.flatMap(missingMembers);
  const message = `is required, or ${alternatives.join(' or ')}`;
  return [{ ...union, instancePath: `/${member}`, message }];
}

/** Returns the name of a referenced schema, with which the paths of its rules begin. */
const nameOfSchema = ({ schemaPath }: BrokenRule) => schemaPath.split(/[/#]/, 1)[0]!;

const missingMembers = (rules: BrokenRule[]) =>
  rules.flatMap(({ params }) => (params.missingProperty as string | undefined) ?? []);
