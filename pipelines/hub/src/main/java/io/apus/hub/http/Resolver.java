package io.apus.hub.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Host name to addresses. */
@FunctionalInterface
public interface Resolver {
    /** All addresses of {@code host}; empty when it has none that this machine can see (a proxy may see them). */
    List<InetAddress> resolve(String host);

    /** The system's resolver. */
    static Resolver system() {
        return host -> {
            try {
                return List.of(InetAddress.getAllByName(host));
            } catch (UnknownHostException e) {
                return List.of();
            }
        };
    }
}
