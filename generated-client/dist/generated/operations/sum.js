export const sumDocument = (requestBody) => ({
    method: 'POST',
    url: '/sum',
    body: requestBody,
});
