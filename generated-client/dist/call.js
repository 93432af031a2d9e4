export function toCall(answer) {
    const content = answer.then(({ data }) => data);
    return Object.assign(content, {
        withResponse() {
            // A failure is reported by the promise that the caller has asked for.
            content.catch(() => undefined);
            return answer;
        },
    });
}
