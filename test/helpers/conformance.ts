import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

interface Operation {
  responses: Record<string, { content?: Record<string, unknown> } | undefined>;
}
interface Spec {
  paths: Record<string, Record<string, Operation | undefined> | undefined>;
}

/** Watches an app that is not ready yet; `assert` throws if a response was not what the spec says. */
export function checkAgainstSpec(app: FastifyInstance): { assert(): void } {
  const violations: string[] = [];
  let judge: ReturnType<typeof createJudge> | undefined;
  app.addHook('onSend', async (request, reply, payload) => {
    judge ??= createJudge(app.swagger() as unknown as Spec);
    const violation = judge(request, reply, payload);
    if (violation) violations.push(`${request.method} ${request.url}: ${violation}`);
    return payload;
  });
  return {
    assert() {
      if (violations.length > 0) {
        throw new Error(`responses that the spec does not allow:\n${violations.join('\n')}`);
      }
    },
  };
}

function createJudge(spec: Spec) {
  const ajv = new Ajv({ strict: false, validateFormats: true });
  (addFormats as unknown as (ajv: Ajv) => void)(ajv);
  ajv.addSchema(spec, 'spec');
  const validators = new Map<string, ValidateFunction>();

  function validatorOf(pointer: string): ValidateFunction {
    let validate = validators.get(pointer);
    if (!validate) {
      validate = ajv.compile({ $ref: `spec#${pointer}` });
      validators.set(pointer, validate);
    }
    return validate;
  }

  return (request: FastifyRequest, reply: FastifyReply, payload: unknown): string | undefined => {
    const path = (request.routeOptions.url ?? '').replace(/:(\w+)/g, '{$1}');
    const method = (request.method === 'HEAD' ? 'GET' : request.method).toLowerCase();
    const mediaType = String(reply.getHeader('content-type') ?? '').split(';', 1)[0]!;
    const operation = spec.paths[path]?.[method];
    if (!operation) {
      const isProblem = mediaType === 'application/problem+json';
      return reply.statusCode >= 400 && !isProblem ? `an error of type ${mediaType}` : undefined;
    }
    const response = operation.responses[reply.statusCode];
    if (!response) return `the status ${reply.statusCode} is not in the spec`;
    if (!response.content) return payload ? 'a body where the spec has none' : undefined;
    if (!(mediaType in response.content)) return `the type ${mediaType} is not in the spec`;
    if (typeof payload !== 'string' || !mediaType.endsWith('json')) return undefined;
    const pointer = [
      'paths',
      path,
      method,
      'responses',
      `${reply.statusCode}`,
      'content',
      mediaType,
      'schema',
    ];
    const validate = validatorOf(pointer.map((part) => `/${escapePointer(part)}`).join(''));
    return validate(JSON.parse(payload)) ? undefined : ajv.errorsText(validate.errors);
  };
}

/** RFC 6901 section 3, and as it stands in a URI fragment (section 6). */
function escapePointer(part: string): string {
  return encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));
}
