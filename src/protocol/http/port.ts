/** The registered port of HTTP without TLS (RFC 9110 §4.2.1). */
export const HTTP_PORT = 80;
