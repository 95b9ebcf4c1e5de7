package io.apus.hub.http;

import io.apus.schemas.UserError;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;

/**
 * Where a hub may send us: http or https, never from https to http, and from a hub on the public internet never to this machine or its
 * private network (server-side request forgery). A hub that is itself private may redirect within private networks.
 */
public final class RedirectRule {
    private final URI endpoint;
    private final Resolver resolver;

    public RedirectRule(URI endpoint, Resolver resolver) {
        this.endpoint = endpoint;
        this.resolver = resolver;
    }

    /** The address that {@code location}, found at {@code from}, means; refuses one that must not be followed. */
    URI follow(URI from, String location) {
        URI to;
        try {
            to = from.resolve(location);
        } catch (IllegalArgumentException e) {
            throw refused("to an address that cannot be read");
        }
        String scheme = to.getScheme() == null ? "" : to.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && !scheme.equals("http")) {
            throw refused("to \"" + scheme + ":\"");
        }
        if (to.getHost() == null || to.getUserInfo() != null) {
            throw refused("to an address without a plain host");
        }
        if (scheme.equals("http") && from.getScheme().equalsIgnoreCase("https")) {
            throw refused("from https to http (" + to.getHost() + ")");
        }
        if (!Origin.of(to).equals(Origin.of(endpoint)) && isPrivate(to.getHost()) && !isPrivate(endpoint.getHost())) {
            throw refused("to " + to.getHost() + ", which is in a private network");
        }
        return to;
    }

    private UserError refused(String where) {
        return new UserError(
                "Cannot download from " + endpoint.getHost(),
                "it redirects " + where,
                "Such redirects are never followed; check the hub's endpoint.");
    }

    private boolean isPrivate(String host) {
        List<InetAddress> addresses = resolver.resolve(unbracketed(host));
        return host.equalsIgnoreCase("localhost") || addresses.stream().anyMatch(RedirectRule::isPrivate);
    }

    private static String unbracketed(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private static boolean isPrivate(InetAddress address) {
        return address.isLoopbackAddress()
                || address.isAnyLocalAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()
                || isReserved(address.getAddress(), address instanceof Inet4Address);
    }

    /** 100.64/10 (RFC 6598) and 0/8; fc00::/7 (RFC 4193) and 64:ff9b::/96 (RFC 6052), which Java does not name. */
    private static boolean isReserved(byte[] bytes, boolean four) {
        if (four) {
            return bytes[0] == 0 || (bytes[0] == 100 && (bytes[1] & 0xc0) == 64);
        }
        return (bytes[0] & 0xfe) == 0xfc || (bytes[0] == 0 && bytes[1] == 0x64 && (bytes[2] & 0xff) == 0xff);
    }
}
