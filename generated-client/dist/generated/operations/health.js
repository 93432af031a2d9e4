export const checkLiveness = () => ({
    method: 'GET',
    url: '/health/live',
    isOpen: true,
});
export const checkReadiness = () => ({
    method: 'GET',
    url: '/health/ready',
    isOpen: true,
});
