package io.apus.hub;

import io.apus.schemas.UserError;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where a hub is and how to use it, from the environment variables that its Python client reads (huggingface_hub's
 * {@code constants.py} and {@code utils/_auth.py}; modelscope_hub's {@code config.py}).
 *
 * @param defaultRevision the branch meant when none is named
 * @param cache the root of its cache
 * @param token sent to the endpoint alone, never printed
 * @param offline no connection is ever opened
 * @param links whether the cache may hold symbolic links
 */
record HubSettings(
        String defaultRevision, URI endpoint, Path cache, Optional<String> token, boolean offline, boolean links) {
    private static final Set<String> TRUE = Set.of("1", "ON", "YES", "TRUE");

    static HubSettings huggingFace(Map<String, String> env) {
        Path home = path(env, "HF_HOME").orElseGet(() -> path(env, "XDG_CACHE_HOME")
                .orElse(home(env).resolve(".cache"))
                .resolve("huggingface"));
        Path cache = path(env, "HF_HUB_CACHE")
                .or(() -> path(env, "HUGGINGFACE_HUB_CACHE"))
                .orElse(home.resolve("hub"));
        Optional<String> token = value(env, "HF_TOKEN")
                .or(() -> value(env, "HUGGING_FACE_HUB_TOKEN"))
                .or(() -> file(path(env, "HF_TOKEN_PATH").orElse(home.resolve("token"))));
        return new HubSettings(
                "main",
                endpoint("HF_ENDPOINT", value(env, "HF_ENDPOINT").orElse("https://huggingface.co")),
                cache,
                token,
                isOffline(env, List.of()),
                !isTrue(env, "HF_HUB_DISABLE_SYMLINKS"));
    }

    static HubSettings modelScope(Map<String, String> env) {
        String address = value(env, "MODELSCOPE_ENDPOINT")
                .or(() -> value(env, "MODELSCOPE_DOMAIN"))
                .orElse("https://modelscope.cn");
        return new HubSettings(
                "master",
                endpoint("MODELSCOPE_ENDPOINT", address.contains("://") ? address : "https://" + address),
                path(env, "MODELSCOPE_CACHE").orElse(home(env).resolve(".cache").resolve("modelscope")),
                value(env, "MODELSCOPE_API_TOKEN"),
                isOffline(env, List.of("MODELSCOPE_OFFLINE")),
                false);
    }

    /** ModelScope's client knows no offline variable: Hugging Face's mean both hubs, and MODELSCOPE_OFFLINE that one. */
    private static boolean isOffline(Map<String, String> env, List<String> own) {
        return isTrue(env, "HF_HUB_OFFLINE")
                || isTrue(env, "TRANSFORMERS_OFFLINE")
                || own.stream().anyMatch(name -> isTrue(env, name));
    }

    static boolean isTrue(Map<String, String> env, String name) {
        return TRUE.contains(env.getOrDefault(name, "").toUpperCase(Locale.ROOT));
    }

    private static Optional<String> value(Map<String, String> env, String name) {
        return Optional.ofNullable(env.get(name)).map(String::strip).filter(text -> !text.isEmpty());
    }

    private static Optional<Path> path(Map<String, String> env, String name) {
        return value(env, name)
                .map(text -> text.equals("~") || text.startsWith("~/")
                        ? home(env).resolve(text.length() > 2 ? text.substring(2) : "")
                        : Path.of(text))
                .map(Path::toAbsolutePath);
    }

    private static Path home(Map<String, String> env) {
        return Path.of(value(env, "HOME").orElse(System.getProperty("user.home")));
    }

    private static Optional<String> file(Path token) {
        try {
            return Files.isRegularFile(token)
                    ? Optional.of(Files.readString(token).strip()).filter(text -> !text.isEmpty())
                    : Optional.empty();
        } catch (IOException e) {
            throw new UserError("Cannot read the token in " + token, "" + e.getMessage(), "", e);
        }
    }

    private static URI endpoint(String variable, String text) {
        try {
            URI address = URI.create(text.replaceFirst("/+$", ""));
            String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
            if (address.getHost() != null
                    && Set.of("http", "https").contains(scheme)
                    && address.getUserInfo() == null) {
                return address;
            }
        } catch (IllegalArgumentException e) {
            throw wrongEndpoint(variable);
        }
        throw wrongEndpoint(variable);
    }

    private static UserError wrongEndpoint(String variable) {
        return new UserError(
                "Cannot use " + variable, "it is not the address of a hub", "Write e.g. https://huggingface.co.");
    }
}
