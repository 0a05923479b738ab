const HOST_PORT = /^(.+):(\d{1,5})$/;
const IPV4 = /^\d{1,3}(\.\d{1,3}){3}$/;
const IPV6 = /^[0-9a-f:]{2,39}$/;
/** Characters of the longest address: eight groups of IPv6 and a port. */
export const HOST_PORT_CHARACTERS_MAX = 45;

/** Whether a text is an IP address and a port that a datagram can go to: no name, no multicast, no broadcast, no port 0. */
export function isHostPort(text: string): boolean {
  const [, host = '', port = ''] = HOST_PORT.exec(text.slice(0, HOST_PORT_CHARACTERS_MAX + 1)) ?? [];
  if (Number(port) < 1 || Number(port) > 65_535) return false;
  if (IPV4.test(host)) {
    const parts = host.split('.').map(Number);
    const [first = 0] = parts;
    // 0/8 is nobody's, 224/3 is multicast and reserved (RFC 6890).
    return parts.every((part) => part <= 255) && first > 0 && first < 224;
  }
  return host.includes(':') && IPV6.test(host) && !host.startsWith('ff') && !/^[0:]+$/.test(host);
}

export function isLoopback(text: string): boolean {
  return text.startsWith('127.') || /^(0{0,4}:)*:?0{0,3}1:\d+$/.test(text);
}
