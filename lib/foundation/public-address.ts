import { BlockList, isIP } from "node:net";

// The IANA special-purpose address registries (RFC 6890 and its updates): what is not reachable from the whole
// internet, or not one host. Of IPv6 only 2000::/3 is given out at all; what carries an IPv4 address in it is refused too.
const SPECIAL_4 = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
];
const GIVEN_OUT_6 = ["2000::/3"];
const SPECIAL_6 = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"];

const special4 = blockList(SPECIAL_4, "ipv4");
const givenOut6 = blockList(GIVEN_OUT_6, "ipv6");
const special6 = blockList(SPECIAL_6, "ipv6");

/** True for an address of one host of the public internet: global unicast. False for what is no address. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !special4.check(address, "ipv4");
    case 6:
      return !address.includes("%") && givenOut6.check(address, "ipv6") && !special6.check(address, "ipv6");
    default:
      return false;
  }
}

function blockList(subnets: readonly string[], family: "ipv4" | "ipv6"): BlockList {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [network = "", prefix] = subnet.split("/");
    list.addSubnet(network, Number(prefix), family);
  }
  return list;
}
