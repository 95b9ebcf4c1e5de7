package io.apus.hub.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.schemas.UserError;
import java.net.Proxy;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProxyVariablesTest {
    @Test
    void theVariableOfTheSchemeNamesTheProxy() {
        Map<String, String> env = Map.of("HTTPS_PROXY", "http://proxy.example:3128", "http_proxy", "other.example:80");

        assertThat(proxy(env, "https://hub.example/x")).isEqualTo("proxy.example:3128");
        assertThat(proxy(env, "http://hub.example/x")).isEqualTo("other.example:80");
        assertThat(proxy(Map.of(), "https://hub.example/x")).isEqualTo("none");
    }

    @Test
    void someHostsAreAskedWithoutIt() {
        Map<String, String> env = Map.of("all_proxy", "http://p.example:1", "NO_PROXY", ".lan, exact.example");

        assertThat(proxy(env, "https://mirror.lan/x")).isEqualTo("none");
        assertThat(proxy(env, "https://exact.example/x")).isEqualTo("none");
        assertThat(proxy(env, "https://inexact.example/x")).isEqualTo("p.example:1");
        assertThat(proxy(env, "http://127.0.0.1:99/x")).isEqualTo("none");
    }

    @Test
    void aProxyThatCannotBeUsedIsNamedWithoutItsPassword() {
        assertThatThrownBy(() -> proxy(Map.of("https_proxy", "http://u:secret@p:1"), "https://hub.example"))
                .isInstanceOf(UserError.class)
                .hasMessageNotContaining("secret");
    }

    private static String proxy(Map<String, String> env, String address) {
        Proxy proxy = new ProxyVariables(env).select(URI.create(address)).get(0);
        return proxy.type() == Proxy.Type.DIRECT
                ? "none"
                : proxy.address().toString().replace("/<unresolved>", "");
    }
}
