import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import type { FastifyInstance } from 'fastify';

interface Response {
  content?: Record<string, unknown>;
}
interface Operation {
  responses: Record<string, Response | { $ref: string } | undefined>;
}
export interface Spec {
  components?: { responses?: Record<string, Response> };
  paths: Record<string, Record<string, Operation | undefined> | undefined>;
}

/** Compares the responses of an app with its specification. Call it before the app is ready; `assert` throws if one differs. */
export function checkAgainstSpec(app: FastifyInstance): { assert(): void } {
  const violations: string[] = [];
  let judge: ReturnType<typeof createJudge> | undefined;
  app.addHook('onSend', async (request, reply, payload) => {
    judge ??= createJudge(app.swagger() as unknown as Spec);
    const violation = judge({
      method: request.method,
      path: (request.routeOptions.url ?? '').replace(/:(\w+)/g, '{$1}'),
      status: reply.statusCode,
      mediaType: mediaTypeOf(reply.getHeader('content-type')),
      payload,
    });
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

export interface JudgedAnswer {
  method: string;
  /** The path in the specification, with the names of parameters. */
  path: string;
  status: number;
  mediaType: string;
  payload: unknown;
}

export const mediaTypeOf = (contentType: unknown) => String(contentType ?? '').split(';', 1)[0]!;

/** Makes a function that returns the reason why the specification does not allow an answer. */
export function createJudge(spec: Spec): (answer: JudgedAnswer) => string | undefined {
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

  return ({ path, status, mediaType, payload, ...answer }) => {
    const method = (answer.method === 'HEAD' ? 'GET' : answer.method).toLowerCase();
    const operation = spec.paths[path]?.[method];
    if (!operation) {
      const isProblem = mediaType === 'application/problem+json';
      return status >= 400 && !isProblem ? `an error of type ${mediaType}` : undefined;
    }
    const documented = operation.responses[status];
    if (!documented) return `the status ${status} is not in the spec`;
    const shared = '$ref' in documented ? documented.$ref.split('/').at(-1)! : undefined;
    const response = shared ? spec.components!.responses![shared]! : (documented as Response);
    if (!response.content) return payload ? 'a body where the spec has none' : undefined;
    if (!(mediaType in response.content)) return `the type ${mediaType} is not in the spec`;
    if (typeof payload !== 'string' || !mediaType.endsWith('json')) return undefined;
    const place = shared
      ? ['components', 'responses', shared]
      : ['paths', path, method, 'responses', `${status}`];
    const pointer = [...place, 'content', mediaType, 'schema'];
    const validate = validatorOf(pointer.map((part) => `/${escapePointer(part)}`).join(''));
    return validate(JSON.parse(payload)) ? undefined : ajv.errorsText(validate.errors);
  };
}

/** Escapes a JSON Pointer (RFC 6901 section 3) for a URI fragment (section 6). */
function escapePointer(part: string): string {
  return encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));
}
