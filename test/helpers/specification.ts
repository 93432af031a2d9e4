import { readFileSync } from 'node:fs';

interface Parameters {
  parameters?: ({ $ref?: string } | object)[];
}
interface Document {
  paths: Record<string, Record<string, Parameters>>;
  components: { parameters: Record<string, object> };
}

/** Reads `openapi.json`, and puts the shared parameters of operations in their places. */
export function readSpecification<Spec>(): Spec {
  const text = readFileSync(new URL('../../openapi.json', import.meta.url), 'utf8');
  const document: Document = JSON.parse(text);
  for (const operation of Object.values(document.paths).flatMap((path) => Object.values(path))) {
    operation.parameters = (operation.parameters ?? []).map((parameter) =>
      '$ref' in parameter
        ? document.components.parameters[parameter.$ref!.split('/').at(-1)!]!
        : parameter,
    );
  }
  return document as Spec;
}
