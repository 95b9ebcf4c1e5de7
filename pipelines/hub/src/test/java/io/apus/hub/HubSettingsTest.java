package io.apus.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.schemas.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The environment variables that the Python clients read, and their order. */
class HubSettingsTest {
    @TempDir
    Path home;

    @Test
    void anEmptyEnvironmentMeansThePublicHubs() {
        HubSettings hf = HubSettings.huggingFace(Map.of("HOME", home.toString()));
        HubSettings ms = HubSettings.modelScope(Map.of("HOME", home.toString()));

        assertThat(hf.endpoint()).hasToString("https://huggingface.co");
        assertThat(hf.cache()).isEqualTo(home.resolve(".cache/huggingface/hub"));
        assertThat(hf.token()).isEmpty();
        assertThat(hf.offline()).isFalse();
        assertThat(hf.links()).isTrue();
        assertThat(ms.endpoint()).hasToString("https://modelscope.cn");
        assertThat(ms.cache()).isEqualTo(home.resolve(".cache/modelscope"));
    }

    @Test
    void theNearestVariableDecidesWhereTheCacheIs() {
        assertThat(cache(Map.of("XDG_CACHE_HOME", "/x"))).isEqualTo(Path.of("/x/huggingface/hub"));
        assertThat(cache(Map.of("XDG_CACHE_HOME", "/x", "HF_HOME", "/h"))).isEqualTo(Path.of("/h/hub"));
        assertThat(cache(Map.of("HF_HOME", "/h", "HUGGINGFACE_HUB_CACHE", "/c")))
                .isEqualTo(Path.of("/c"));
        assertThat(cache(Map.of("HUGGINGFACE_HUB_CACHE", "/c", "HF_HUB_CACHE", "/d")))
                .isEqualTo(Path.of("/d"));
        assertThat(cache(Map.of("HOME", "/u", "HF_HUB_CACHE", "~/d"))).isEqualTo(Path.of("/u/d"));
    }

    @Test
    void theTokenIsInAVariableOrInAFile() throws IOException {
        Files.writeString(home.resolve("token"), "from-file\n");
        Map<String, String> env = Map.of("HF_HOME", home.toString());

        assertThat(HubSettings.huggingFace(env).token()).contains("from-file");
        assertThat(HubSettings.huggingFace(Map.of("HF_HOME", home.toString(), "HF_TOKEN", "from-env"))
                        .token())
                .contains("from-env");
    }

    @Test
    void mirrorsAreAddressesOrDomains() {
        assertThat(HubSettings.huggingFace(Map.of("HF_ENDPOINT", "https://mirror.example/"))
                        .endpoint())
                .hasToString("https://mirror.example");
        assertThat(HubSettings.modelScope(Map.of("MODELSCOPE_DOMAIN", "www.modelscope.ai"))
                        .endpoint())
                .hasToString("https://www.modelscope.ai");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mirror", "file:///x", "ftp://x", "https://user:secret@x", "https://a b"})
    void anEndpointThatIsNoneIsRefused(String address) {
        assertThatThrownBy(() -> HubSettings.huggingFace(Map.of("HF_ENDPOINT", address)))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("HF_ENDPOINT")
                .hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "ON", "yes", "True"})
    void offlineHasFourSpellings(String yes) {
        assertThat(HubSettings.huggingFace(Map.of("HF_HUB_OFFLINE", yes)).offline())
                .isTrue();
        assertThat(HubSettings.huggingFace(Map.of("HF_HUB_OFFLINE", "0")).offline())
                .isFalse();
    }

    private static Path cache(Map<String, String> env) {
        return HubSettings.huggingFace(env).cache();
    }
}
