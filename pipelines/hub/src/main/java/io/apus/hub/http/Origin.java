package io.apus.hub.http;

import java.net.URI;
import java.util.Locale;

/** Scheme, host and port: what a token is meant for. */
record Origin(String scheme, String host, int port) {
    static Origin of(URI address) {
        String scheme = address.getScheme().toLowerCase(Locale.ROOT);
        int port = address.getPort() >= 0 ? address.getPort() : scheme.equals("https") ? 443 : 80;
        return new Origin(scheme, address.getHost().toLowerCase(Locale.ROOT), port);
    }
}
