/** A plugin of Swagger UI that shows the answer before the request, and each documented error as one line, which opens. */
export function foldResponses({ React: { createElement: h, useState } }) {
  return {
    wrapComponents: {
      liveResponse: (Original) => (props) =>
        h('div', { className: 'live-response' }, h(Original, props)),
      response: (Original) => (props) => {
        const [isOpen, setOpen] = useState(!/^[45]/.test(props.code));
        if (isOpen) return h(Original, props);
        const codes = codesOf(props.response);
        return h(
          'tr',
          { className: 'response response-folded', 'data-code': props.code },
          h('td', { className: 'response-col_status' }, props.code),
          h(
            'td',
            { className: 'response-col_description' },
            codes.map((code) => [h('code', { key: code }, code), ' ']),
            h(
              'button',
              {
                type: 'button',
                className: 'unfold',
                'aria-label': `Show the ${props.code} response`,
                onClick: () => setOpen(true),
              },
              'Show',
            ),
          ),
        );
      },
    },
  };
}

/** Returns the codes of the problems that a response can be. */
function codesOf(response) {
  const examples = response.getIn(['content', 'application/problem+json', 'examples']);
  return examples ? examples.keySeq().toArray() : [];
}
