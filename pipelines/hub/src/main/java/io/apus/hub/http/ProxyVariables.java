package io.apus.hub.http;

import io.apus.schemas.UserError;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Proxies as command-line tools and Python know them: {@code https_proxy}, {@code http_proxy}, {@code all_proxy} and {@code no_proxy}, in
 * either case. Where none is set, Java's own properties ({@code https.proxyHost} ...) decide. A loopback address is never asked for
 * through a proxy.
 */
public final class ProxyVariables extends ProxySelector {
    private final Map<String, String> env;

    public ProxyVariables(Map<String, String> env) {
        super();
        this.env = Map.copyOf(env);
    }

    @Override
    public List<Proxy> select(URI address) {
        String host = address.getHost();
        Optional<String> proxy = variable(address.getScheme().toLowerCase(Locale.ROOT) + "_proxy")
                .or(() -> variable("all_proxy"));
        if (isExempt(host)) {
            return List.of(Proxy.NO_PROXY);
        }
        return proxy.map(ProxyVariables::parse)
                .orElseGet(() -> ProxySelector.getDefault().select(address));
    }

    private Optional<String> variable(String name) {
        return Optional.ofNullable(env.getOrDefault(name, env.get(name.toUpperCase(Locale.ROOT))))
                .map(String::strip)
                .filter(text -> !text.isEmpty());
    }

    private boolean isExempt(String host) {
        if (host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]")) {
            return true;
        }
        for (String entry : variable("no_proxy").orElse("").split("[,\\s]+", -1)) {
            String name = entry.startsWith(".") ? entry.substring(1) : entry;
            if (entry.equals("*") || (!name.isEmpty() && (host.equals(name) || host.endsWith("." + name)))) {
                return true;
            }
        }
        return false;
    }

    private static List<Proxy> parse(String text) {
        try {
            URI address = URI.create(text.contains("://") ? text : "http://" + text);
            if (address.getHost() != null && address.getUserInfo() == null && "http".equals(address.getScheme())) {
                int port = address.getPort() < 0 ? 80 : address.getPort();
                return List.of(new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(address.getHost(), port)));
            }
        } catch (IllegalArgumentException e) {
            throw unusable();
        }
        throw unusable();
    }

    private static UserError unusable() {
        return new UserError(
                "Cannot use the proxy that https_proxy, http_proxy or all_proxy names",
                "it is not http://host:port",
                "Proxies with a password or another protocol are not supported.");
    }

    @Override
    public void connectFailed(URI address, SocketAddress proxy, IOException failure) {
        // The request fails too and says so.
    }
}
