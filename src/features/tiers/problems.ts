import { defineProblem } from '../../http/problem.ts';

export const tierProblems = {
  tierNotFound: defineProblem(404, 'tier_not_found', 'There is no tier with this name.'),
  tierExists: defineProblem(409, 'tier_exists', 'There is already a tier with this name.'),
  tierInUse: defineProblem(409, 'tier_in_use', 'Accounts have this tier. Give them another first.'),
  tierBuiltIn: defineProblem(
    409,
    'tier_built_in',
    'This tier came with Tally and cannot be deleted.',
  ),
} as const;
