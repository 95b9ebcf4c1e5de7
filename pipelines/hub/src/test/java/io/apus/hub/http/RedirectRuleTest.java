package io.apus.hub.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.schemas.UserError;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A hub on the internet must not make us ask for what only this machine can reach. */
class RedirectRuleTest {
    private static final Map<String, String> NAMES = Map.of(
            "hub.example", "93.184.216.34",
            "files.example", "93.184.216.35",
            "inside.example", "10.1.2.3",
            "mirror.lan", "192.168.1.5");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://127.0.0.1/x",
                "https://localhost/x",
                "https://inside.example/x",
                "https://10.0.0.1/x",
                "https://172.16.5.5/x",
                "https://192.168.0.1/x",
                "https://169.254.169.254/latest/meta-data",
                "https://100.64.0.1/x",
                "https://0.0.0.0/x",
                "https://[::1]/x",
                "https://[fe80::1]/x",
                "https://[fd00::1]/x",
                "https://[::ffff:127.0.0.1]/x",
                "https://[64:ff9b::7f00:1]/x"
            })
    void aPublicHubMayNotSendUsIntoAPrivateNetwork(String location) {
        assertThatThrownBy(() -> follow("https://hub.example", location))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("private network");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://files.example/x",
                "file:///etc/passwd",
                "data:text/plain,x",
                "https://u:p@files.example/x"
            })
    void norToALesserKindOfAddress(String location) {
        assertThatThrownBy(() -> follow("https://hub.example", location)).isInstanceOf(UserError.class);
    }

    @Test
    void itMaySendUsToAnotherPublicHostAndWithinItself() {
        assertThat(follow("https://hub.example", "https://files.example/a?b=1"))
                .hasToString("https://files.example/a?b=1");
        assertThat(follow("https://hub.example", "/c/d")).hasToString("https://hub.example/c/d");
    }

    @Test
    void aHubInThePrivateNetworkMaySendUsAroundThere() {
        assertThat(follow("http://mirror.lan", "http://inside.example/x")).hasToString("http://inside.example/x");
    }

    private static URI follow(String endpoint, String location) {
        URI hub = URI.create(endpoint);
        return new RedirectRule(hub, RedirectRuleTest::resolve).follow(URI.create(endpoint + "/a/b"), location);
    }

    private static List<InetAddress> resolve(String host) {
        try {
            // A literal address is read, never looked up.
            return List.of(
                    InetAddress.getByName(NAMES.getOrDefault(host, host.equals("localhost") ? "127.0.0.1" : host)));
        } catch (UnknownHostException e) {
            return List.of();
        }
    }
}
