/** A plugin of Swagger UI that orders and filters the list of operations. */
export function improveList({ React: { createElement: h, Fragment } }) {
  return {
    fn: { opsFilter: filterOperations },
    components: { ServersContainer: () => null },
    wrapComponents: {
      OperationSummaryPath: (Original) => (props) =>
        h(
          Fragment,
          null,
          h(Original, props),
          isForAdministrators(props.operationProps) &&
            h('span', { className: 'scope' }, 'administrators'),
        ),
      // The input has no label of its own.
      FilterContainer: (Original) => (props) =>
        h(
          'div',
          {
            className: 'operation-filter',
            role: 'search',
            'aria-label': 'Filter operations',
            ref: describeFilter,
          },
          h(Original, props),
        ),
    },
  };
}

/** Says what the filter finds, in place of the text of Swagger UI, which is fixed. */
function describeFilter(node) {
  node?.querySelector('input')?.setAttribute('placeholder', 'Filter by name, path, summary or tag');
}

/** Returns the operations that have all words in their path, name or summary, or whose tag has them. */
function filterOperations(taggedOperations, phrase) {
  const words = phrase.toLowerCase().split(/\s+/).filter(Boolean);
  return taggedOperations
    .map((group, tag) => {
      const matches = (operation) => {
        const { operationId, summary } = operation.get('operation').toJS();
        const text = [tag, operation.get('method'), operation.get('path'), operationId, summary];
        const searched = text.join(' ').toLowerCase();
        return words.every((word) => searched.includes(word));
      };
      return group.update('operations', (operations) => operations.filter(matches));
    })
    .filter((group) => group.get('operations').size > 0);
}

/** Lists what administrators do after what everyone does, and otherwise keeps the order of the specification. */
export const sortOperations = (one, other) => isForAdministrators(one) - isForAdministrators(other);

const isForAdministrators = (operation) =>
  ['operation', 'op'].some((key) => operation.getIn([key, 'x-scope']) === 'admin');
