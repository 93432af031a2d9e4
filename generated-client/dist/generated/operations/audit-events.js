export const listAuditEvents = () => ({
    method: 'GET',
    url: '/audit-events',
});
