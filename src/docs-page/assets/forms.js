/** A plugin of Swagger UI that makes its forms send what they show. */
export function improveForms({ React: { createElement: h } }) {
  return {
    afterLoad() {
      const original = this.fn.getSampleSchema;
      // Swagger UI takes any media type with "json" in its name for one JSON value, and puts texts in quotes.
      this.fn.getSampleSchema = (schema, mediaType, options, example) => {
        // A new item of a list of texts is empty, not "string".
        if (mediaType === false && schema.get('type') === 'string') return '';
        const isText = typeof example === 'string' && !/[/+]json$/.test(mediaType);
        return isText ? example : original(schema, mediaType, options, example);
      };
    },
    // No field is sent empty.
    components: { ParameterIncludeEmpty: () => null },
    wrapComponents: {
      // The only files that the API takes are images.
      Input: (Original) => (props) =>
        h(Original, props.type === 'file' ? { ...props, accept: 'image/jpeg,image/png' } : props),
      // Among several choices, no choice is the empty one.
      Select: (Original) => (props) =>
        h(Original, props.multiple ? { ...props, allowEmptyValue: false } : props),
    },
    statePlugins: {
      spec: {
        wrapActions: {
          updateJsonSpec: (original) => (spec) =>
            original(leaveRulesToServer(emptyOptionalFields(spec))),
        },
      },
      oas3: {
        wrapActions: {
          setRequestContentType:
            (original, { oas3Actions }) =>
            (choice) => {
              const result = original(choice);
              oas3Actions.setRequestBodyValue({ value: undefined, pathMethod: choice.pathMethod });
              return result;
            },
        },
      },
    },
  };
}

/** Removes the patterns of parameters, which Swagger UI would show in place of the server's explanation. */
function leaveRulesToServer(spec) {
  const operations = Object.values(spec.paths).flatMap((path) => Object.values(path));
  const own = operations.flatMap(({ parameters = [] }) => parameters);
  for (const { schema } of [...own, ...Object.values(spec.components.parameters ?? {})]) {
    delete schema?.pattern;
  }
  return spec;
}

/** Keeps Swagger UI from filling in optional fields of forms, such as the lifetime of a link that no new account may have. */
function emptyOptionalFields(spec) {
  const operations = Object.values(spec.paths).flatMap((path) => Object.values(path));
  for (const { requestBody } of operations) {
    const { properties = {}, required = [] } =
      requestBody?.content['multipart/form-data']?.schema ?? {};
    for (const [name, schema] of Object.entries(properties)) {
      if (!required.includes(name) && schema.format !== 'binary') schema.example = '';
    }
  }
  return spec;
}
