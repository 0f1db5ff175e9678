/** Where a signaling server says over plain HTTP what it is, for a client whose WebSocket failed without a reason, as browsers have it. */
export const HEALTH_PATH = '/health';
export const HEALTH_SERVICE = 'lodestream-signaling';
